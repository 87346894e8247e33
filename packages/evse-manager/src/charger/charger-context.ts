import type { PowerReason } from '../iec/pilot-letter.ts';
import type { PauseReason } from './charger-state.ts';

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
  switchingPhases(): void;
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

/** What the charger is told by its configuration. */
export interface ChargerOptions {
  /** How long F is shown for a fault that comes while paused, in milliseconds; 0 for not at all. */
  readonly showFAfterFaultMs: number;
  /** How long charging rests before the number of phases is switched, in milliseconds. */
  readonly phaseSwitchDelayMs: number;
  /** Whether the pilot shows F meanwhile instead of a steady state. */
  readonly phaseSwitchShowsF: boolean;
}

/** What states remember. All but the first two are forgotten when a state is entered. */
export interface ChargerMemory {
  /** The car was woken once in vain, or is being woken. */
  wokenUp: boolean;
  /** The modem asks for F, so that it and the car's find each other anew. */
  errorSequenceWanted: boolean;
  /** The pilot shows F for a fault. */
  faultShown: boolean;
  /** The present fault is no new one. */
  faultNoted: boolean;
  /** The reasons to pause that were told last. */
  toldReasons: string;
}

/** What the conditions look at and the actions work on. Facts are set by the charger; nothing here is asynchronous. */
export interface ChargerContext {
  readonly options: ChargerOptions;
  readonly memory: ChargerMemory;
  readonly pilot: ChargerPilot;
  readonly offer: ChargerOffer;
  readonly session: ChargerSession;
  readonly events: ChargerEvents;
  readonly limit: ChargerLimit;
  readonly shutdown: Shutdown;
  readonly disableRequested: boolean;
  /** Somebody asked for a pause. */
  readonly pauseRequested: boolean;
  /** The board is to switch to another number of phases. */
  readonly phaseSwitchWanted: boolean;
  /** Whether the car that the session began with is still plugged in. */
  readonly carPlugged: boolean;
  /** The car has gone, and the transaction does not wait for it to come back. */
  readonly carGone: boolean;
  /** A car that is away is not waited for any more: another one that comes is not taken for it. */
  giveUpCar(): void;
  /** No session is left: forgets what was asked for it, and that its car has gone. */
  forgetSession(): void;
  /** Has the board switch to the number of phases that is wanted. */
  switchPhases(): void;
}
