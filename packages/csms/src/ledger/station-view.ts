import type { ConfigurationEntry } from './configuration-book.ts';
import type { Registration } from './registration-book.ts';
import type { ConnectorView } from './status-book.ts';
import type { LedgerTransaction } from './transaction.ts';

/** All that the CSMS knows of a station, as plain JSON. */
export interface StationView {
  readonly station: string;
  readonly connected: boolean;
  /** When it came or went last, ISO 8601. */
  readonly since: string;
  /** Whether the CSMS plays dead on its connection. */
  readonly halfOpen: boolean;
  readonly registration: Registration;
  /** The last BootNotification.req. */
  readonly boot: Readonly<Record<string, unknown>> | null;
  readonly connectors: readonly ConnectorView[];
  /** In the order of their start. */
  readonly transactions: readonly LedgerTransaction[];
  readonly configuration: Readonly<Record<string, ConfigurationEntry>>;
  /** How many violations it has been found with since the CSMS was started, or since they were cleared. */
  readonly violations: number;
}
