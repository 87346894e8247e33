import type { VirtualClock } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { EvsePort } from '../../src/ports.ts';

type Token = types.authorization.ProvidedIdToken;
type SessionEvent = types.evse_manager.SessionEvent;

/** How long a command, and an event, is on its way. */
const WAY_MS = 10;

const meter_value = { timestamp: '', energy_Wh_import: { total: 0 } };

/**
 * An EVSE as Auth sees it: what it is told arrives a while later and in order, and what it tells arrives a while later and in order.
 * It notes what must never happen to it.
 */
export class PlayedEvse {
  readonly port: EvsePort;
  readonly violations: string[] = [];
  /** Transactions that it began, by their tokens. */
  readonly started: string[] = [];
  plugged = false;
  authorized: Token | undefined;
  transaction = false;
  disabled = false;
  faulted = false;
  /** The id that it is reserved by; -1 for anybody with a reservation of no EVSE. */
  reserved: number | undefined;
  readonly #id: number;
  readonly #clock: VirtualClock;
  readonly #tell: (event: SessionEvent) => void;
  #session = false;

  constructor(id: number, clock: VirtualClock, tell: (event: SessionEvent) => void) {
    this.#id = id;
    this.#clock = clock;
    this.#tell = tell;
    this.port = {
      authorize: (token, result) => this.#onItsWay(() => this.#authorize(token, result)),
      withdraw: () => this.#onItsWay(() => this.#withdraw()),
      stop: () => this.#onItsWay(() => this.#stop()),
      reserve: (reservationId) => this.#onItsWay(() => this.#reserve(reservationId)),
      cancelReservation: () => this.#onItsWay(() => this.#endReservation()),
    };
  }

  /** Whether it takes no reservation that it has not got already. */
  get busy(): boolean {
    return this.#session || this.plugged || this.disabled || this.faulted;
  }

  plug(): void {
    this.plugged = true;
    if (this.disabled || this.faulted) return;
    // After a card there is a session already, and the next thing that is heard of the car is its transaction.
    if (!this.#session) this.#startSession('EVConnected');
    if (this.authorized && !this.transaction) this.#startTransaction(this.authorized);
  }

  unplug(): void {
    this.plugged = false;
    this.#endSession();
  }

  disable(): void {
    this.disabled = true;
    this.#endSession();
    this.#endReservation();
    this.#say('Disabled', { connector_id: 1 });
  }

  enable(): void {
    if (!this.disabled) return;
    this.disabled = false;
    this.#say('Enabled', { connector_id: 1 });
    if (this.plugged) this.plug();
  }

  #authorize(token: Token, result: types.authorization.ValidationResult): void {
    if (result.authorization_status !== 'Accepted' || this.disabled || this.faulted) return;
    const { value } = token.id_token;
    if (this.authorized)
      this.violations.push(`EVSE ${this.#id}: ${value} is authorized over ${this.authorized.id_token.value}`);
    if (this.reserved !== undefined && this.reserved >= 0 && this.reserved !== result.reservation_id)
      this.violations.push(`EVSE ${this.#id}: ${value} is authorized though it is reserved by ${this.reserved}`);
    this.authorized = token;
    if (!this.#session) this.#startSession('Authorized');
    this.#say('Authorized');
    if (this.plugged) this.#startTransaction(token);
    // A card before its car uses the reservation up at once.
    this.reserved = undefined;
  }

  #withdraw(): void {
    if (!this.#session) return;
    this.#say('Deauthorized');
    if (this.transaction) return;
    if (this.authorized) this.#endSession();
    else this.#say('PluginTimeout');
  }

  #stop(): boolean {
    if (!this.transaction) return false;
    this.transaction = false;
    this.authorized = undefined;
    this.#say('TransactionFinished');
    return true;
  }

  #reserve(id: number): boolean {
    if (this.busy) return this.reserved === id;
    if (this.reserved !== undefined && this.reserved !== id && this.reserved >= 0) return false;
    if (this.reserved === undefined) this.#say('ReservationStart');
    this.reserved = id;
    return true;
  }

  #endReservation(): void {
    if (this.reserved === undefined) return;
    this.reserved = undefined;
    this.#say('ReservationEnd');
  }

  #startSession(reason: types.evse_manager.StartSessionReason): void {
    this.#session = true;
    this.#say('SessionStarted', { session_started: { reason, meter_value } });
  }

  #startTransaction(id_tag: Token): void {
    if (this.transaction) this.violations.push(`EVSE ${this.#id}: a second transaction`);
    this.transaction = true;
    this.reserved = undefined;
    this.started.push(id_tag.id_token.value);
    this.#say('TransactionStarted', { connector_id: 1, transaction_started: { id_tag, meter_value } });
  }

  #endSession(): void {
    this.#stop();
    this.authorized = undefined;
    if (!this.#session) return;
    this.#session = false;
    this.#say('SessionFinished', { connector_id: 1 });
  }

  #say(event: SessionEvent['event'], more: Partial<SessionEvent> = {}): void {
    this.#clock.setTimer(WAY_MS, () => this.#tell({ uuid: 'session', timestamp: '', event, ...more }));
  }

  /** Timers of the same length come due in the order in which they were set, and so do commands, events and answers. */
  async #onItsWay<T>(work: () => T): Promise<T> {
    await this.#clock.sleep(WAY_MS);
    const result = work();
    await this.#clock.sleep(WAY_MS);
    return result;
  }
}
