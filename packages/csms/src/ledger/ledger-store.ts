import type { Migration, Row, SqlValue, Statement, Store } from '@chargemesh/base';
import type { CheckerMemory } from '../checks/station-checker.ts';
import { Delivery } from './delivery.ts';
import { timeOf } from './requests.ts';
import { restoreMoment } from './samples.ts';
import type { Transaction } from './transaction.ts';

/**
 * What comes from a station may be any number: REAL takes them all, where an INTEGER beyond 2^53 could not be read again.
 * The primary key of a transaction is what a start that is sent again is known by (D17).
 */
export const LEDGER_MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE sequence (only INTEGER PRIMARY KEY CHECK (only = 1), last_transaction_id INTEGER NOT NULL);
      INSERT INTO sequence VALUES (1, 0);
      CREATE TABLE stations (
        station TEXT PRIMARY KEY,
        changed_ms REAL NOT NULL,
        connected INTEGER NOT NULL,
        registration TEXT NOT NULL,
        boot TEXT,
        connectors TEXT NOT NULL,
        configuration TEXT NOT NULL
      );
      CREATE TABLE transactions (
        station TEXT NOT NULL REFERENCES stations (station) ON DELETE CASCADE,
        connector_id REAL NOT NULL,
        id_tag TEXT NOT NULL,
        started TEXT NOT NULL,
        meter_start_wh REAL NOT NULL,
        id REAL,
        other_ids TEXT NOT NULL,
        stopped TEXT,
        meter_stop_wh REAL,
        reason TEXT,
        stop_id_tag TEXT,
        superseded INTEGER NOT NULL,
        meter_values INTEGER NOT NULL,
        meter_resends INTEGER NOT NULL,
        time_floor_ms REAL NOT NULL,
        meter_floor_wh REAL NOT NULL,
        last_sample TEXT,
        start_delivery TEXT NOT NULL,
        meter_delivery TEXT,
        stop_delivery TEXT,
        PRIMARY KEY (station, connector_id, id_tag, started, meter_start_wh)
      );
      CREATE INDEX transactions_of_station ON transactions (station);
      CREATE INDEX transactions_not_stopped ON transactions (station) WHERE stopped IS NULL;`,
  },
];

/** How many transactions of a station are read back, beside those that were not stopped. The others stay in the file. */
const READ_BACK = 1_000;

/** A station as it is kept. */
export interface KeptStation extends CheckerMemory {
  readonly station: string;
  /** When it came or went last, epoch milliseconds. */
  readonly changedMs: number;
  readonly connected: boolean;
}

/** Where a CSMS writes down its ledger, so that a later run goes on with it. */
export class LedgerStore {
  readonly #store: Store;
  readonly #statements: ReturnType<typeof prepare>;

  /** @param store with the {@link LEDGER_MIGRATIONS} */
  constructor(store: Store) {
    this.#store = store;
    this.#statements = prepare(store);
  }

  /** The highest id that was given to a transaction; 0 before the first. */
  get lastTransactionId(): number {
    return Number(this.#statements.lastId.get()?.last_transaction_id ?? 0);
  }

  /** The stations, in the order of their first coming. */
  stations(): KeptStation[] {
    const { stations, transactions } = this.#statements;
    return stations.all().map((row) => {
      const station = String(row.station);
      const kept = transactions.all(station, station, READ_BACK).flatMap((each) => readTransaction(each) ?? []);
      return { ...readStation(row, station), transactions: kept };
    });
  }

  /** Writes what changed of a station, all of it or nothing. @param station undefined where only transactions did */
  save(
    id: string,
    station: Omit<KeptStation, 'transactions'> | undefined,
    transactions: Iterable<Transaction>,
    lastTransactionId: number,
  ): void {
    const { saveId, saveStation, saveTransaction } = this.#statements;
    this.#store.transaction(() => {
      saveId.run(lastTransactionId);
      if (station !== undefined) saveStation.run(...stationRow(station));
      for (const transaction of transactions) saveTransaction.run(id, ...transactionRow(transaction));
    });
  }

  /** Forgets a station with its transactions; ids that were given stay given. */
  forget(station: string): void {
    this.#statements.forget.run(station);
  }
}

const STATION_COLUMNS = [
  'station',
  'changed_ms',
  'connected',
  'registration',
  'boot',
  'connectors',
  'configuration',
] as const;
const TRANSACTION_KEY = ['station', 'connector_id', 'id_tag', 'started', 'meter_start_wh'] as const;
const TRANSACTION_COLUMNS = [
  ...TRANSACTION_KEY,
  'id',
  'other_ids',
  'stopped',
  'meter_stop_wh',
  'reason',
  'stop_id_tag',
  'superseded',
  'meter_values',
  'meter_resends',
  'time_floor_ms',
  'meter_floor_wh',
  'last_sample',
  'start_delivery',
  'meter_delivery',
  'stop_delivery',
] as const;

function prepare(
  store: Store,
): Record<'lastId' | 'stations' | 'transactions' | 'saveId' | 'saveStation' | 'saveTransaction' | 'forget', Statement> {
  return {
    lastId: store.prepare('SELECT last_transaction_id FROM sequence'),
    stations: store.prepare('SELECT * FROM stations ORDER BY rowid'),
    transactions: store.prepare(
      `SELECT * FROM transactions WHERE rowid IN
        (SELECT rowid FROM transactions WHERE station = ? AND stopped IS NULL
         UNION SELECT rowid FROM (SELECT rowid FROM transactions WHERE station = ? ORDER BY rowid DESC LIMIT ?))
        ORDER BY rowid`,
    ),
    saveId: store.prepare('UPDATE sequence SET last_transaction_id = max(last_transaction_id, ?)'),
    saveStation: store.prepare(upsert('stations', STATION_COLUMNS, ['station'])),
    saveTransaction: store.prepare(upsert('transactions', TRANSACTION_COLUMNS, TRANSACTION_KEY)),
    forget: store.prepare('DELETE FROM stations WHERE station = ?'),
  };
}

/** Unlike REPLACE it keeps the rowid, and with it the order. */
function upsert(table: string, columns: readonly string[], key: readonly string[]): string {
  const changing = columns.filter((column) => !key.includes(column));
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${changing.map((name) => `${name} = excluded.${name}`).join(', ')}`;
}

function stationRow(station: Omit<KeptStation, 'transactions'>): SqlValue[] {
  return [
    station.station,
    station.changedMs,
    Number(station.connected),
    String(station.registration),
    station.boot === null ? null : JSON.stringify(station.boot),
    JSON.stringify(station.connectors),
    JSON.stringify(station.configuration),
  ];
}

function readStation(row: Row, station: string): Omit<KeptStation, 'transactions'> {
  return {
    station,
    changedMs: Number(row.changed_ms),
    connected: row.connected === 1,
    registration: row.registration,
    boot: json(row.boot),
    connectors: json(row.connectors),
    configuration: json(row.configuration),
  };
}

/** All columns but the station. What is in transactionData was checked when it came, and is not kept. */
function transactionRow(transaction: Transaction): SqlValue[] {
  const { start, stop, last, meterDelivery, stopDelivery } = transaction;
  return [
    start.connectorId,
    start.idTag,
    start.timestamp,
    start.meterStartWh,
    transaction.id ?? null,
    JSON.stringify([...transaction.otherIds]),
    stop?.timestamp ?? null,
    stop?.meterStopWh ?? null,
    stop?.reason ?? null,
    stop?.idTag ?? null,
    Number(transaction.superseded),
    transaction.meterValues,
    transaction.meterResends,
    transaction.timeFloorMs,
    transaction.meterFloorWh,
    last === undefined ? null : JSON.stringify(last),
    JSON.stringify(transaction.startDelivery.state),
    meterDelivery === undefined ? null : JSON.stringify(meterDelivery.state),
    stopDelivery === undefined ? null : JSON.stringify(stopDelivery.state),
  ];
}

/** Undefined where somebody else wrote the row, and it says nothing that can be gone on with. */
function readTransaction(row: Row): Transaction | undefined {
  const startDelivery = Delivery.restore(json(row.start_delivery));
  const startedMs = timeOf(row.started);
  if (startDelivery === undefined || startedMs === undefined) return undefined;
  const otherIds = json(row.other_ids);
  return {
    start: {
      connectorId: Number(row.connector_id),
      idTag: String(row.id_tag),
      meterStartWh: Number(row.meter_start_wh),
      timestamp: String(row.started),
      atMs: startedMs,
    },
    startDelivery,
    id: typeof row.id === 'number' ? row.id : undefined,
    otherIds: new Set(Array.isArray(otherIds) ? otherIds.map(Number) : []),
    stop: readStopped(row),
    stopDelivery: Delivery.restore(json(row.stop_delivery)),
    superseded: row.superseded === 1,
    meterValues: Number(row.meter_values),
    meterResends: Number(row.meter_resends),
    meterDelivery: Delivery.restore(json(row.meter_delivery)),
    last: restoreMoment(json(row.last_sample)),
    timeFloorMs: Number(row.time_floor_ms),
    meterFloorWh: Number(row.meter_floor_wh),
  };
}

function readStopped({ id, stopped, meter_stop_wh, reason, stop_id_tag }: Row): Transaction['stop'] {
  const atMs = timeOf(stopped);
  if (atMs === undefined) return undefined;
  return {
    transactionId: Number(id),
    meterStopWh: Number(meter_stop_wh),
    timestamp: String(stopped),
    atMs,
    reason: String(reason),
    ...(typeof stop_id_tag === 'string' ? { idTag: stop_id_tag } : {}),
    transactionData: undefined,
  };
}

function json(text: SqlValue | undefined): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
