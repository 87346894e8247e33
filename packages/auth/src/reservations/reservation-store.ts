import { type Logger, messageOf } from '@chargemesh/base';
import type { JsonValue, types } from '@chargemesh/contracts';

type Reservation = types.reservation.Reservation;

/** A key-value store that outlives the mesh. */
export interface KeyValues {
  load(key: string): Promise<JsonValue>;
  save(key: string, value: JsonValue): Promise<void>;
}

/** Keeps the reservations of a station over restarts, in the reference's form; without a key-value store it keeps nothing. */
export class ReservationStore {
  readonly #key: string;
  readonly #log: Logger;
  readonly #values: KeyValues | undefined;
  #saving: Promise<void> = Promise.resolve();
  /** What is written there, as far as it is known. */
  #written: string | undefined;

  constructor(moduleId: string, log: Logger, values: KeyValues | undefined) {
    this.#key = `reservation_${moduleId}`;
    this.#log = log;
    this.#values = values;
  }

  /** Writes all reservations; one write at a time, in order. */
  save(reservations: readonly Reservation[]): void {
    const values = this.#values;
    if (!values) return;
    const entries = reservations.map((reservation) => ({
      ...(reservation.evse_id !== undefined && { evse_id: reservation.evse_id }),
      reservation: { ...reservation },
    }));
    const text = JSON.stringify(entries);
    this.#saving = this.#saving.then(async () => {
      if (text === this.#written) return;
      this.#written = undefined;
      try {
        await values.save(this.#key, entries);
        this.#written = text;
      } catch (thrown) {
        this.#log.error('the reservations could not be kept', { error: messageOf(thrown) });
      }
    });
  }

  /** What was written last; what cannot be read is left out. */
  async load(): Promise<Reservation[]> {
    if (!this.#values) return [];
    await this.#saving;
    try {
      const entries = await this.#values.load(this.#key);
      this.#written = JSON.stringify(entries ?? []);
      return Array.isArray(entries) ? entries.flatMap((entry) => read(entry) ?? []) : [];
    } catch (thrown) {
      this.#log.error('the reservations of the last run could not be read', { error: messageOf(thrown) });
      return [];
    }
  }
}

function read(entry: JsonValue): Reservation | undefined {
  const { evse_id, reservation } = members(entry);
  const stored = members(reservation);
  const { reservation_id, id_token, expiry_time, parent_id_token, connector_type } = stored;
  if (typeof reservation_id !== 'number' || typeof id_token !== 'string' || typeof expiry_time !== 'string')
    return undefined;
  const evseId = evse_id ?? stored.evse_id;
  return {
    reservation_id,
    id_token,
    expiry_time,
    ...(typeof evseId === 'number' && { evse_id: evseId }),
    ...(typeof parent_id_token === 'string' && { parent_id_token }),
    ...(isConnectorType(connector_type) && { connector_type }),
  };
}

type Members = Readonly<Record<string, JsonValue | undefined>>;

function members(value: JsonValue | undefined): Members {
  return isRecord(value) ? value : {};
}

function isRecord(value: JsonValue | undefined): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const CONNECTOR_TYPES: readonly string[] = [
  'cCCS1',
  'cCCS2',
  'cG105',
  'cMCS',
  'cTesla',
  'cType1',
  'cType2',
  's309_1P_16A',
  's309_1P_32A',
  's309_3P_16A',
  's309_3P_32A',
  'sBS1361',
  'sCEE_7_7',
  'sType2',
  'sType3',
  'Other1PhMax16A',
  'Other1PhOver16A',
  'Other3Ph',
  'Pan',
  'wInductive',
  'wResonant',
  'Undetermined',
  'Unknown',
] satisfies types.evse_manager.ConnectorTypeEnum[];

function isConnectorType(value: JsonValue | undefined): value is types.evse_manager.ConnectorTypeEnum {
  return typeof value === 'string' && CONNECTOR_TYPES.includes(value);
}
