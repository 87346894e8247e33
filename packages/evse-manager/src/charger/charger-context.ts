import type { PowerReason } from '../iec/pilot-letter.ts';
import type { ChargerState, PauseReason } from './charger-state.ts';

/** How grave the faults are that forbid charging now. An emergency takes the pilot's PWM away at once as well. */
export type Shutdown = 'none' | 'error' | 'emergency';

/** The control pilot, as the states need it. */
export interface ChargerPilot {
  readonly plugged: boolean;
  readonly carWantsPower: boolean;
  readonly relayOpen: boolean;
  enable(): void;
  disable(): void;
  steady(): void;
  showF(): void;
  grantPower(reason: PowerReason): void;
  powerOff(): void;
}

/** The offer to the car, as the states need it. */
export interface ChargerOffer {
  readonly running: boolean;
  offer(limitA: number): void;
  stop(): void;
}

/** Where the session's transaction stands. `refused`: the meter would not begin it. */
export type TransactionPhase = 'none' | 'starting' | 'refused' | 'active' | 'stopping' | 'ended';

/** The session, as the states need it. Whatever takes time there ends with a call of the charger's `update`. */
export interface ChargerSession {
  readonly isOpen: boolean;
  readonly authorized: boolean;
  readonly transaction: TransactionPhase;
  /** A car was plugged in and nobody has opened a session yet. */
  openByPlug(): void;
  /** Begins the transaction of an authorised session. */
  beginTransaction(): void;
  /** Ends an active transaction. */
  endTransaction(): void;
  /** Ends the session, and with it an authorisation that no transaction has used. */
  close(): void;
}

/** What the states tell the world. */
export interface ChargerEvents {
  authRequired(): void;
  prepareCharging(): void;
  chargingStarted(): void;
  chargingPausedEv(): void;
  chargingPausedEvse(reasons: readonly PauseReason[]): void;
  stoppingCharging(): void;
  disabled(): void;
  /** Faults that belong to a session end with it. */
  clearSessionFaults(): void;
}

/** The limit that the energy tree and the cable set. */
export interface ChargerLimit {
  /** What may be offered now, in ampere; undefined while the cable's rating is awaited. */
  readonly limitA: number | undefined;
  readonly hasPower: boolean;
}

/** What the states know and can do. Facts are set by the charger; nothing here is asynchronous. */
export interface ChargerContext {
  readonly nowMs: number;
  /** Since when the present state has been entered. */
  readonly enteredAtMs: number;
  readonly pilot: ChargerPilot;
  readonly offer: ChargerOffer;
  readonly session: ChargerSession;
  readonly events: ChargerEvents;
  readonly limit: ChargerLimit;
  readonly shutdown: Shutdown;
  readonly disableRequested: boolean;
  /** Somebody asked for a pause. */
  readonly pauseRequested: boolean;
  /** How long F is shown for a fault that comes while paused, in milliseconds; 0 for not at all. */
  readonly showFAfterFaultMs: number;
  /** The car was woken once in vain, or is being woken. */
  wokenUp: boolean;
  /** Whether the car that the session began with is still plugged in. */
  readonly carPlugged: boolean;
  /** The car has gone, and the transaction does not wait for it to come back. */
  readonly carGone: boolean;
  /** A car that is away is not waited for any more: another one that comes is not taken for it. */
  giveUpCar(): void;
  /** No session is left: forgets what was asked for it, and that its car has gone. */
  forgetSession(): void;
}

/**
 * The rules of one state, made anew each time the state is entered, so that it may remember things. `step` is called until it returns
 * undefined: after entering, after each event and at `dueMs`.
 */
export interface StateRules {
  enter?(): void;
  /** What follows, or undefined to stay. */
  step(): ChargerState | undefined;
  /** When `step` has something to do without an event, on the monotonic clock; undefined for never. */
  readonly dueMs?: number | undefined;
}

/** Makes the rules of a state. */
export type StateFactory = (context: ChargerContext) => StateRules;
