import type { Logger } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { ChargerSession, TransactionPhase } from '../charger/charger-context.ts';
import type { BillingMeter } from '../metering/billing-meter.ts';
import { meterTransaction } from '../metering/identification.ts';
import type { Reservation } from './reservation.ts';
import type { SessionEvents } from './session-events.ts';
import type { TransactionMemory } from './transaction-memory.ts';

type ProvidedToken = types.authorization.ProvidedIdToken;
type ValidationResult = types.authorization.ValidationResult;
type StopReason = types.evse_manager.StopTransactionReason;

interface Authorization {
  readonly token: ProvidedToken;
  readonly result: ValidationResult;
}

/** A session from the plug or the card to the unplugging. */
interface OpenSession {
  readonly id: string;
  authorization: Authorization | undefined;
  /** Somebody ended it from outside: a late answer of a validator does not bring it back. */
  cancelled: boolean;
  stop: { readonly reason: StopReason; readonly idTag?: ProvidedToken };
  transaction: TransactionPhase;
  reservationId: number | undefined;
  startValue: types.units_signed.SignedMeterValue | undefined;
}

/** What is remembered of an open session. */
export type SavedSession = Readonly<OpenSession> & {
  /** Whether a car was plugged in when it was saved. */
  readonly pluggedIn?: boolean;
};

export interface SessionPorts {
  readonly log: Logger;
  readonly events: SessionEvents;
  readonly meter: BillingMeter;
  readonly memory: TransactionMemory;
  readonly reservation: Reservation;
  newId(): string;
  /** A session begins or ends: what was known of the car is no longer true. */
  forgetCar(): void;
  /** A session of that id begins. @returns where its log is written, if it is */
  openLog(sessionId: string): string | undefined;
  closeLog(): void;
  /** The session is to be remembered so; undefined: there is none. */
  save(session: SavedSession | undefined): void;
  /** The meter would not begin a transaction. */
  meterRefused(reason: string): void;
  /** Something has changed that the charger looks at. */
  onChange(): void;
}

/** The token of a station that asks nobody for one. */
const freeServiceToken: ProvidedToken = {
  id_token: { value: 'FREESERVICE', type: 'Local' },
  authorization_type: 'RFID',
  prevalidated: true,
};

export interface SessionOptions {
  readonly evseId: string;
  /** Whether a meter that refuses a transaction keeps the car from charging. */
  readonly failOnMeterErrors: boolean;
  /** Whether nobody is asked for a card. */
  readonly disableAuthentication: boolean;
}

/** The session of one EVSE: who is authorised, and the transaction. */
export class Session implements ChargerSession {
  readonly #options: SessionOptions;
  readonly #ports: SessionPorts;
  #open: OpenSession | undefined;

  constructor(options: SessionOptions, ports: SessionPorts) {
    this.#options = options;
    this.#ports = ports;
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** The open session's id; the empty text without one. */
  get id(): string {
    return this.#open?.id ?? '';
  }

  get authorized(): boolean {
    return this.#open?.authorization !== undefined;
  }

  get cancelled(): boolean {
    return this.#open?.cancelled ?? false;
  }

  get transaction(): TransactionPhase {
    return this.#open?.transaction ?? 'none';
  }

  /**
   * Takes up the session that was open when this module died. A transaction that was about to begin begins again, one that was about to end
   * ends again: whoever hears of either twice knows it by its session.
   */
  restore(saved: SavedSession): void {
    const transaction =
      saved.transaction === 'starting' ? 'none' : saved.transaction === 'stopping' ? 'active' : saved.transaction;
    this.#open = { ...saved, transaction };
    this.#ports.openLog(saved.id);
    this.#ports.events.publish('SessionResumed', saved.id);
    // Whoever was not answered knows by this that it was taken.
    if (saved.authorization && transaction === 'none') this.#ports.events.publish('Authorized', saved.id);
  }

  openByPlug(): void {
    this.#begin('EVConnected');
    if (this.#options.disableAuthentication)
      this.authorize(freeServiceToken, { authorization_status: 'Accepted', tariff_messages: [] });
  }

  /** Takes a token that was accepted; opens the session where the card comes before the car. */
  authorize(token: ProvidedToken, result: ValidationResult): void {
    if (this.#open?.cancelled) return;
    const session = this.#open ?? this.#begin('Authorized', { token, result });
    session.authorization = { token, result };
    session.reservationId = result.reservation_id ?? session.reservationId;
    this.#save();
    this.#ports.events.publish('Authorized', session.id);
    this.#ports.onChange();
  }

  /**
   * Takes an authorisation back that no transaction has used, and ends the session with it. Without one the car has been plugged in too
   * long: the session stays open, but nobody may use it without a replug.
   * @param mayBegin whether a transaction could still have begun. Where a fault has ended that, the session goes with its car.
   * @returns whether that was a plug-in time-out
   */
  withdraw(mayBegin: boolean): boolean {
    const session = this.#open;
    if (!session) return false;
    const { events, onChange } = this.#ports;
    events.publish('Deauthorized', session.id);
    if (session.transaction !== 'none' && session.transaction !== 'refused') return false;
    if (mayBegin && !session.authorization) {
      events.publish('PluginTimeout', session.id);
      return true;
    }
    session.authorization = undefined;
    if (mayBegin) this.close();
    else this.#save();
    onChange();
    return false;
  }

  /** Ends a running transaction for good. @returns false where none is running */
  stop(reason: StopReason, idTag?: ProvidedToken): boolean {
    const session = this.#open;
    if (session?.transaction !== 'active') return false;
    if (!session.cancelled) session.stop = idTag ? { reason, idTag } : { reason };
    this.#cancel(session);
    return true;
  }

  /** The EVSE goes out of service: whatever runs ends, and no late authorisation is taken. */
  endForDisable(): void {
    const session = this.#open;
    if (!session || session.cancelled) return;
    session.stop = { reason: 'EVSEDisabled' };
    session.cancelled = true;
    // An authorisation that no transaction has used is taken back aloud, when the session closes.
    if (session.transaction !== 'none' && session.transaction !== 'refused') session.authorization = undefined;
    this.#save();
    this.#ports.onChange();
  }

  beginTransaction(): void {
    const session = this.#open;
    if (!session?.authorization) return;
    session.transaction = 'starting';
    this.#save();
    void this.#startTransaction(session, session.authorization);
  }

  endTransaction(): void {
    const session = this.#open;
    if (session?.transaction !== 'active') return;
    session.transaction = 'stopping';
    this.#save();
    void this.#stopTransaction(session);
  }

  close(): void {
    const session = this.#open;
    if (!session) return;
    const { events, forgetCar, closeLog } = this.#ports;
    const unused = session.transaction === 'none' || session.transaction === 'refused';
    if (session.authorization && unused) events.publish('Deauthorized', session.id);
    this.#open = undefined;
    forgetCar();
    events.publish('SessionFinished', session.id, { session_finished: { meter_value: events.meterValue() } });
    this.#save();
    closeLog();
  }

  /** Says of transactions that a loss of power has cut off that they are over. */
  async finishAfterPowerLoss(sessionIds: readonly string[]): Promise<void> {
    const { events, meter, memory, log } = this.#ports;
    for (const id of sessionIds) {
      log.warn(`session ${id} was cut off by a loss of power`);
      events.publish('SessionResumed', id);
      const { startValue, stopValue } = await meter.stop(id);
      events.publish('TransactionFinished', id, {
        transaction_finished: {
          meter_value: events.meterValue(),
          reason: 'PowerLoss',
          ...(startValue && { start_signed_meter_value: startValue }),
          ...(stopValue && { signed_meter_value: stopValue }),
        },
      });
    }
    if (sessionIds.length > 0) await memory.forget();
  }

  #begin(reason: types.evse_manager.StartSessionReason, authorization?: Authorization): OpenSession {
    const { newId, forgetCar, openLog, events, reservation } = this.#ports;
    const session: OpenSession = {
      id: newId(),
      authorization: undefined,
      cancelled: false,
      stop: { reason: 'EVDisconnected' },
      transaction: 'none',
      reservationId: authorization?.result.reservation_id ?? reservation.id,
      startValue: undefined,
    };
    this.#open = session;
    forgetCar();
    const loggingPath = openLog(session.id);
    events.publish('SessionStarted', session.id, {
      session_started: {
        reason,
        meter_value: events.meterValue(),
        ...(authorization && { id_tag: authorization.token }),
        ...(session.reservationId !== undefined && { reservation_id: session.reservationId }),
        ...(loggingPath !== undefined && { logging_path: loggingPath }),
      },
    });
    if (authorization) reservation.consume();
    this.#save();
    return session;
  }

  #cancel(session: OpenSession): void {
    session.cancelled = true;
    session.authorization = undefined;
    this.#save();
    this.#ports.onChange();
  }

  async #startTransaction(session: OpenSession, { token, result }: Authorization): Promise<void> {
    const { meter, memory, events, reservation, meterRefused, onChange, log } = this.#ports;
    const tariffText = result.tariff_messages[0]?.content;
    const start = await meter.start(
      meterTransaction({ evseId: this.#options.evseId, sessionId: session.id, token, tariffText }),
    );
    if (!start.begun) {
      if (this.#options.failOnMeterErrors) {
        session.transaction = 'refused';
        meterRefused(start.reason);
        onChange();
        return;
      }
      log.warn(`the meter did not begin transaction ${session.id}: ${start.reason}`);
    }
    session.startValue = start.begun ? start.signedValue : undefined;
    // Whoever hears of the transaction must find it finished one day, whatever happens to this process.
    await memory.remember(session.id);
    events.publish('TransactionStarted', session.id, {
      transaction_started: {
        id_tag: token,
        meter_value: events.meterValue(),
        ...(session.startValue && { signed_meter_value: session.startValue }),
        ...(session.reservationId !== undefined && { reservation_id: session.reservationId }),
      },
    });
    reservation.consume();
    // Nothing flows that a loss of power would take from the bill.
    await events.written();
    session.transaction = 'active';
    // After it was told: who died in between tells it again.
    this.#save();
    onChange();
  }

  async #stopTransaction(session: OpenSession): Promise<void> {
    const { meter, memory, events, onChange } = this.#ports;
    const stopped = await meter.stop(session.id);
    const startValue = session.startValue ?? stopped.startValue;
    const { reason, idTag } = session.stop;
    events.publish('ChargingFinished', session.id);
    events.publish('TransactionFinished', session.id, {
      transaction_finished: {
        meter_value: events.meterValue(),
        reason,
        ...(idTag && { id_tag: idTag }),
        ...(startValue && { start_signed_meter_value: startValue }),
        ...(stopped.stopValue && { signed_meter_value: stopped.stopValue }),
      },
    });
    session.transaction = 'ended';
    this.#save();
    onChange();
    // Only now: a crash before this line tells of the end twice, which a ledger bears; the other order could lose it.
    await memory.forget();
  }

  #save(): void {
    this.#ports.save(this.#open);
  }
}
