import type { Clock, Logger } from '@chargemesh/base';
import type { Authorizer } from './authorization/authorizer.ts';
import type { LocalList } from './authorization/local-list.ts';
import type { TokenTable } from './authorization/token-table.ts';
import type { Registration } from './boot/registration.ts';
import type { Configuration } from './configuration/configuration.ts';
import type { Availability } from './connectors/availability.ts';
import type { Connectors } from './connectors/connectors.ts';
import type { Diagnostics } from './firmware/diagnostics.ts';
import type { FirmwareUpdates } from './firmware/firmware-updates.ts';
import type { Resetter } from './reset/resetter.ts';
import type { Station } from './station.ts';
import type { MeterValues } from './transactions/meter-values.ts';
import type { Transactions } from './transactions/transactions.ts';

/** The parts of a charge point that requests of the CSMS act upon. */
export interface Engine {
  readonly clock: Clock;
  readonly log: Logger;
  readonly configuration: Configuration;
  readonly station: Station;
  readonly connectors: Connectors;
  readonly availability: Availability;
  readonly transactions: Transactions;
  readonly meterValues: MeterValues;
  readonly cache: TokenTable;
  readonly localList: LocalList;
  readonly authorizer: Authorizer;
  readonly registration: Registration;
  readonly resetter: Resetter;
  readonly diagnostics: Diagnostics;
  readonly firmware: FirmwareUpdates;
  /** Sends a Heartbeat out of turn. */
  readonly heartbeat: (options: { triggered: boolean }) => void;
}
