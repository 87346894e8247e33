import { type Migration, parseTimestamp, type Row, type SqlValue, type Store } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { MeshError } from '@chargemesh/framework';

type ErrorObject = types.error_history.ErrorObject;
type Filters = types.error_history.FilterArguments;

/** The table of EVerest's own history, so that a file of either is read by the other. */
export const errorMigrations: readonly Migration[] = [
  {
    version: 1,
    sql: `CREATE TABLE IF NOT EXISTS errors (
      uuid TEXT PRIMARY KEY NOT NULL, type TEXT NOT NULL, description TEXT NOT NULL, message TEXT NOT NULL,
      origin_module TEXT NOT NULL, origin_implementation TEXT NOT NULL, timestamp TEXT NOT NULL,
      severity TEXT NOT NULL, state TEXT NOT NULL, sub_type TEXT NOT NULL, vendor_id TEXT NOT NULL
    )`,
  },
];

const severities = { LOW_GE: ['Low', 'Medium', 'High'], MEDIUM_GE: ['Medium', 'High'], HIGH_GE: ['High'] } as const;

/** All errors that the mesh has ever had, on disk, with what became of them. */
export class ErrorArchive {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Closes what the last run of the mesh left open: nobody is there any more to clear it. */
  startAnew(): void {
    this.#store.exec(`UPDATE errors SET state = 'ClearedByReboot' WHERE state = 'Active'`);
  }

  /**
   * An error that is known already is active again: this module was restarted, the one with the error was not.
   * @param heardAt stands for the time of an error that has none which can be read
   */
  raised(error: MeshError, heardAt: string): void {
    this.#store
      .prepare(
        `INSERT INTO errors (uuid, type, description, message, origin_module, origin_implementation, timestamp, severity, state,
           sub_type, vendor_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'Active', ?, ?)
         ON CONFLICT (uuid) DO UPDATE SET state = 'Active'`,
      )
      .run(
        error.uuid,
        error.type,
        error.description,
        error.message,
        error.origin.module_id,
        error.origin.implementation_id,
        parseTimestamp(error.timestamp) === undefined ? heardAt : error.timestamp,
        error.severity,
        error.sub_type,
        error.vendor_id,
      );
  }

  cleared({ uuid, type, sub_type, origin }: MeshError): void {
    this.#store
      .prepare(
        `UPDATE errors SET state = 'ClearedByModule' WHERE state = 'Active' AND (uuid = ? OR
           (type = ? AND sub_type = ? AND origin_module = ? AND origin_implementation = ?))`,
      )
      .run(uuid, type, sub_type, origin.module_id, origin.implementation_id);
  }

  /** The errors that all of the filters let through, oldest first, without those that the interface cannot tell (see {@link isTellable}). */
  find(filters: Filters): readonly ErrorObject[] {
    const conditions: string[] = [];
    const values: SqlValue[] = [];
    const where = (condition: string, ...bound: readonly SqlValue[]): void => {
      conditions.push(condition);
      values.push(...bound);
    };
    const { state_filter, origin_filter, type_filter, severity_filter, handle_filter, timeperiod_filter } = filters;
    if (state_filter) where('state = ?', state_filter);
    if (origin_filter) {
      where('origin_module = ?', origin_filter.module_id);
      where('origin_implementation = ?', origin_filter.implementation_id);
    }
    if (type_filter) where('type = ?', type_filter);
    if (severity_filter) {
      const wanted = severities[severity_filter];
      where(`severity IN (${wanted.map(() => '?').join(', ')})`, ...wanted);
    }
    if (handle_filter) where('uuid = ?', handle_filter);
    const clause = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
    const rows = this.#store.prepare(`SELECT * FROM errors${clause} ORDER BY rowid`).all(...values);
    return rows
      .filter((row) => !timeperiod_filter || isWithin(timeperiod_filter, String(row.timestamp)))
      .map(read)
      .filter(isTellable);
  }
}

/** Ids of one letter are legal in a configuration, and not in the interface of the history. */
export function isTellable({ uuid, type, origin }: Pick<ErrorObject, 'uuid' | 'type' | 'origin'>): boolean {
  return [uuid, type, origin.module_id, origin.implementation_id].every((text) => text.length >= 2);
}

function isWithin({ timestamp_from, timestamp_to }: types.error_history.TimeperiodFilter, timestamp: string): boolean {
  const time = parseTimestamp(timestamp) ?? Number.NaN;
  return time >= (parseTimestamp(timestamp_from) ?? Number.NaN) && time <= (parseTimestamp(timestamp_to) ?? Number.NaN);
}

function read(row: Row): ErrorObject {
  const type = String(row.type);
  return {
    uuid: String(row.uuid),
    type,
    sub_type: String(row.sub_type),
    description: text(row.description, type),
    message: text(row.message, type),
    severity: pick(row.severity, ['High', 'Medium', 'Low'], 'Low'),
    origin: { module_id: String(row.origin_module), implementation_id: String(row.origin_implementation) },
    timestamp: String(row.timestamp),
    state: pick(row.state, ['Active', 'ClearedByModule', 'ClearedByReboot'], 'ClearedByModule'),
  };
}

/** The interface wants at least two characters, an error on the bus need not have them. */
function text(value: SqlValue | undefined, otherwise: string): string {
  const written = String(value ?? '');
  return written.length < 2 ? otherwise : written;
}

function pick<T extends string>(value: SqlValue | undefined, known: readonly T[], otherwise: T): T {
  return known.find((word) => word === value) ?? otherwise;
}
