import type { Manifests } from '@chargemesh/contracts';
import { parseAlgorithm, type SelectionAlgorithm } from './selection.ts';

/** The configuration of the module Auth. */
export type AuthConfig = Manifests['Auth']['config'];

/** The configuration, with what commands may change of it. */
export class AuthSettings {
  readonly algorithm: SelectionAlgorithm;
  readonly prioritizeAuthorization: boolean;
  readonly ignoreConnectorFaults: boolean;
  readonly plugInTimeoutEnabled: boolean;
  readonly stopOnReswipe: boolean;
  /** How long an authorization waits for its car, and a token for a plug. */
  connectionTimeoutS: number;
  /** Cards of this group stop every transaction and start none. Undefined: no such group. */
  masterPassGroupId: string | undefined;

  /** @throws ChargemeshError `SELECTION_ALGORITHM` */
  constructor(moduleId: string, config: AuthConfig) {
    this.algorithm = parseAlgorithm(moduleId, config.selection_algorithm);
    this.prioritizeAuthorization = config.prioritize_authorization_over_stopping_transaction;
    this.ignoreConnectorFaults = config.ignore_connector_faults;
    this.plugInTimeoutEnabled = config.plug_in_timeout_enabled;
    this.stopOnReswipe = config.stop_transaction_on_reswipe;
    this.connectionTimeoutS = config.connection_timeout;
    this.masterPassGroupId = config.master_pass_group_id || undefined;
  }
}
