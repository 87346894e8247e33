import type { Clock, Timer } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { LockRule } from './lock-rule.ts';
import { type PilotEvent, type PilotLetter, type PilotState, type PowerReason, pilotStateOf } from './pilot-letter.ts';
import { type PilotAction, rulesFor } from './pilot-table.ts';
import type { PwmPort } from './pwm-offer.ts';

/** How long a car may take to leave C when the PWM has ended. @see IEC 61851-1 Table A.6, sequence 10 */
export const RELAY_OPENS_AFTER_MS = 6_000;
const UNLOCK_IN_F_AFTER_MS = 5_000;
/** The duty cycle of 10 A, the most that a car without proper control pilot may be offered. */
const SIMPLIFIED_DUTY_PERCENT = 10 / 0.6;

/** The board that carries out what is decided here. */
export interface BoardPort {
  enable(on: boolean): void;
  pwmOn(dutyPercent: number): void;
  steady(): void;
  showF(): void;
  allowPower(allowed: boolean, reason: PowerReason): void;
}

export interface ControlPilotOptions {
  readonly hasVentilation: boolean;
  readonly lockInStateB: boolean;
  readonly limitSimplifiedTo10A: boolean;
}

/**
 * The layer that must be fast: turns the board's letters into events about the car, and decides on relay and lock at once, without asking
 * anybody. The relay closes only in C (D with ventilation) under PWM and with a grant; each opening takes the grant back.
 * @see IEC 61851-1 Annex A
 */
export class ControlPilot implements PwmPort {
  readonly #board: BoardPort;
  readonly #lock: LockRule;
  readonly #clock: Clock;
  readonly #options: ControlPilotOptions;
  readonly #emit: (event: PilotEvent) => void;
  #enabled = false;
  #letter: PilotLetter = 'Disabled';
  #plugged = false;
  #simplified = false;
  #pwmRunning = false;
  #grant: PowerReason | undefined;
  #told: 'open' | 'close' = 'open';
  #relayClosed = false;
  /** The board was told that the relay may close, and not yet that it must open: it may have reported an open relay before it heard that. */
  #permitted = false;
  #relayTimer: Timer | undefined;
  #unlockTimer: Timer | undefined;

  constructor(
    options: ControlPilotOptions,
    ports: { board: BoardPort; lock: LockRule; clock: Clock; emit: (event: PilotEvent) => void },
  ) {
    this.#options = options;
    this.#board = ports.board;
    this.#lock = ports.lock;
    this.#clock = ports.clock;
    this.#emit = ports.emit;
  }

  get letter(): PilotLetter {
    return this.#letter;
  }

  get plugged(): boolean {
    return this.#plugged;
  }

  /** Whether the car asks for power now. */
  get carWantsPower(): boolean {
    return this.#state === 'C';
  }

  /** Whether the relay is open and nothing is under way that would close it. */
  get relayOpen(): boolean {
    return !this.#relayClosed && this.#told === 'open';
  }

  /** Whether the relay is closed, or the board still has the permission to close it. */
  get relayMayBeClosed(): boolean {
    return this.#permitted || !this.relayOpen;
  }

  get pwmRunning(): boolean {
    return this.#pwmRunning;
  }

  enable(): void {
    this.#enabled = true;
    this.#board.enable(true);
  }

  /** As {@link enable}, where a car was plugged in before: what the board reports is held against that. */
  enableWithCar(): void {
    this.#plugged = true;
    this.enable();
  }

  /** Shows F and lets go of the car: whatever is plugged in when it is enabled again counts as newly plugged in. */
  disable(): void {
    this.#change('Disabled');
    this.#plugged = false;
    this.#enabled = false;
    this.showF();
    this.#board.enable(false);
  }

  /** The board has been away: tells it anew what it may have forgotten. Its letter follows by itself. */
  resume(): void {
    if (!this.#enabled) this.showF();
    this.#board.enable(this.#enabled);
  }

  /** The board was lost: nothing is known of the pilot, and the relay is as the board's own dead man left it. */
  lose(): void {
    this.take('Disconnected');
    this.#setRelay(false);
  }

  /** Takes an event of the board. */
  take(event: types.board_support_common.BspEvent['event']): void {
    switch (event) {
      case 'PowerOn':
      case 'PowerOff':
        this.#setRelay(event === 'PowerOn');
        return;
      case 'Disconnected':
        if (this.#enabled) this.#change('Disabled');
        return;
      default:
        if (this.#enabled) this.#change(event);
    }
  }

  setPwm(dutyPercent: number): void {
    const limited = this.#simplified && this.#options.limitSimplifiedTo10A;
    this.#board.pwmOn(limited ? Math.min(dutyPercent, SIMPLIFIED_DUTY_PERCENT) : dutyPercent);
    this.#setPwmRunning(true);
  }

  steady(): void {
    this.#board.steady();
    this.#setPwmRunning(false);
  }

  showF(): void {
    this.#board.showF();
    this.#setPwmRunning(false);
  }

  /** Grants power: the relay closes when the car asks for it under PWM. */
  grantPower(reason: PowerReason): void {
    this.#grant = reason;
    this.#closeIfDue();
  }

  /** Opens the relay at once and takes the grant back. */
  powerOff(): void {
    this.#grant = undefined;
    this.#told = 'open';
    this.#permitted = false;
    this.#board.allowPower(false, 'PowerOff');
  }

  /** Whether the plug stays locked whatever the car does. */
  setHeld(held: boolean): void {
    this.#lock.setHeld(held);
  }

  setAuthorized(authorized: boolean): void {
    this.#lock.setAuthorized(authorized);
  }

  /** Unlocks by force. @returns false while the relay is closed */
  forceUnlock(): Promise<boolean> {
    return this.#lock.forceUnlock(this.#state === 'B' || this.#state === 'C');
  }

  /** Stops all timers. */
  dispose(): void {
    this.#relayTimer?.cancel();
    this.#unlockTimer?.cancel();
  }

  get #state(): PilotState {
    return pilotStateOf(this.#letter, this.#options.hasVentilation);
  }

  #change(letter: PilotLetter): void {
    const from = this.#state;
    this.#letter = letter;
    const to = this.#state;
    if (to === 'C' || letter === 'D') this.#lock.setWanted(true);
    else if (to === 'B') this.#lock.setWanted(this.#options.lockInStateB);
    if (from === to) return;
    const rules = rulesFor({ from, to, plugged: this.#plugged });
    for (const rule of rules) for (const action of rule.does) this.#act(action);
    for (const rule of rules) for (const event of rule.says) this.#emit(event);
    this.#closeIfDue();
  }

  #act(action: PilotAction): void {
    switch (action) {
      case 'steady':
        this.steady();
        break;
      case 'powerOff':
        this.powerOff();
        break;
      case 'stopRelayTimer':
        this.#stopRelayTimer();
        break;
      case 'notePlugged':
        this.#plugged = true;
        break;
      case 'noteUnplugged':
        this.#plugged = false;
        break;
      case 'enterSimplifiedMode':
        this.#simplified = true;
        break;
      case 'leaveSimplifiedMode':
        this.#simplified = false;
        break;
      case 'lockNotWanted':
        this.#lock.setWanted(false);
        break;
      case 'startUnlockTimer':
        this.#unlockTimer = this.#clock.setTimer(UNLOCK_IN_F_AFTER_MS, () => this.#lock.setWanted(false));
        break;
      case 'stopUnlockTimer':
        this.#unlockTimer?.cancel();
        break;
    }
  }

  #setPwmRunning(running: boolean): void {
    if (running === this.#pwmRunning) return;
    this.#pwmRunning = running;
    if (this.#state !== 'C') return;
    if (running) {
      this.#stopRelayTimer();
      if (this.#simplified) this.#emit('CarRequestedPower');
      this.#closeIfDue();
    } else if (this.relayMayBeClosed) {
      // The car has six seconds to end the load itself; then the relay opens under it.
      this.#relayTimer ??= this.#clock.setTimer(RELAY_OPENS_AFTER_MS, () => {
        this.#relayTimer = undefined;
        this.powerOff();
      });
    }
  }

  #closeIfDue(): void {
    if (this.#state !== 'C' || !this.#pwmRunning || this.#grant === undefined || this.#told === 'close') return;
    this.#told = 'close';
    this.#permitted = true;
    this.#board.allowPower(true, this.#grant);
  }

  #setRelay(closed: boolean): void {
    if (closed && this.#relayClosed) return; // it was asked for its state
    this.#relayClosed = closed;
    if (!closed) {
      this.#told = 'open';
      this.#grant = undefined;
    }
    this.#lock.setRelayClosed(closed);
    this.#emit(closed ? 'PowerOn' : 'PowerOff');
  }

  #stopRelayTimer(): void {
    this.#relayTimer?.cancel();
    this.#relayTimer = undefined;
  }
}
