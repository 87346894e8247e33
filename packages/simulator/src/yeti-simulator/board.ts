import type { types } from '@chargemesh/contracts';
import { drawnA, noCurrent, type Phases } from './charging-current.ts';
import {
  dutyPercentOf,
  type PilotLetter,
  type PilotSignal,
  type PilotVoltages,
  pilotVoltages,
  readPilot,
} from './control-pilot.ts';

type CarLetter = types.ev_board_support.EvCpState;

/** What the simulated car does to the plug. */
export interface PluggedCar {
  readonly letter: CarLetter;
  readonly diodeFailed: boolean;
  /** In ampere; negative feeds back, 0 takes what is offered. */
  readonly limitA: number;
  readonly phases: 1 | 3;
}

const noCar: PluggedCar = { letter: 'A', diodeFailed: false, limitA: 0, phases: 3 };

/** What the board tells the world. Calls come in the order in which things happen. */
export interface BoardOutputs {
  /** A control pilot state or a relay event for the EVSE's side. */
  event(event: PilotLetter | 'PowerOn' | 'PowerOff'): void;
  /** The control pilot state that the car has just set, for the car's side. */
  carEvent(letter: CarLetter): void;
  /** The PWM duty has changed, in percent; 100 without PWM. */
  duty(dutyPercent: number): void;
  /** The currents that flow from now on, in ampere. Reported before the event that explains the change. */
  current(currentA: Phases): void;
  /** A car was plugged in where there was none. Reported before its event. */
  plugged(): void;
  /** The pilot shows a shorted diode, or no longer. */
  diodeFault(active: boolean): void;
}

/**
 * The control pilot, the relay and the car's load of a simulated AC board. It reacts at once to whatever changes and measures nothing
 * in between, so an idle board costs nothing.
 */
export class Board {
  readonly #out: BoardOutputs;
  #enabled = false;
  #signal: PilotSignal = { kind: 'steady' };
  #powerAllowed = false;
  #threePhases = true;
  #car: PluggedCar;
  #letter: PilotLetter | undefined;
  #published: PilotLetter | undefined;
  #relayClosed = false;
  #diodeFaultSeen = false;
  /** Undefined until the board has seen either: after a restart of the board alone the car is no new one. */
  #carSeen: boolean | undefined;
  #currentA: Phases = noCurrent;
  #dutyPercent = 100;

  /** @param car what stands there already */
  constructor(out: BoardOutputs, car: PluggedCar = noCar) {
    this.#out = out;
    this.#car = car;
  }

  get car(): PluggedCar {
    return this.#car;
  }

  get relayClosed(): boolean {
    return this.#relayClosed;
  }

  /** Whether somebody has to answer for what it does: PWM runs, or the relay is closed or may close. */
  get isDriven(): boolean {
    return this.#signal.kind === 'pwm' || this.#powerAllowed || this.#relayClosed;
  }

  /** The control pilot state as the EVSE sees it, once it was enabled. */
  get letter(): PilotLetter | undefined {
    return this.#letter;
  }

  get dutyPercent(): number {
    return this.#dutyPercent;
  }

  get voltages(): PilotVoltages {
    return pilotVoltages(this.#signal, this.#car);
  }

  // The EVSE's side

  /** Disabled, the board shows F. Enabling it reports its state; where it was enabled already, that of the relay as well. */
  enable(on: boolean): void {
    const again = on && this.#enabled;
    if (on && !this.#enabled) {
      this.#signal = { kind: 'steady' };
      this.#powerAllowed = false;
    }
    this.#enabled = on;
    if (on) this.#published = undefined;
    this.#evaluate(again);
  }

  pwmOn(dutyPercent: number): void {
    this.#drive({ kind: 'pwm', dutyPercent });
  }

  pwmOff(): void {
    this.#drive({ kind: 'steady' });
  }

  showF(): void {
    this.#drive({ kind: 'minus12' });
  }

  showE(): void {
    this.#drive({ kind: 'zero' });
  }

  allowPower(allowed: boolean): void {
    this.#powerAllowed = allowed;
    this.#evaluate();
  }

  useThreePhases(on: boolean): void {
    this.#threePhases = on;
    this.#evaluate();
  }

  /** Nobody is in control any more: relay open, no PWM. Stays so until it is told otherwise. */
  goSafe(): void {
    this.#powerAllowed = false;
    if (this.#signal.kind === 'pwm') this.#signal = { kind: 'steady' };
    this.#evaluate();
  }

  // The car's side

  /** Sets what the car does to the pilot. A car does so whatever the EVSE shows, so it is never refused. */
  setCar(letter: CarLetter): void {
    this.#car = { ...this.#car, letter };
    this.#out.carEvent(letter);
    this.#evaluate();
  }

  setDiodeFailed(failed: boolean): void {
    this.#car = { ...this.#car, diodeFailed: failed };
    this.#evaluate();
  }

  /** The car's limit in ampere; negative feeds back, 0 takes what is offered. */
  setCarLimit(limitA: number): void {
    this.#car = { ...this.#car, limitA };
    this.#evaluate();
  }

  setCarPhases(phases: 1 | 3): void {
    this.#car = { ...this.#car, phases };
    this.#evaluate();
  }

  /** The simulated car is taken away: unplugged, sound again. */
  removeCar(): void {
    this.#car = noCar;
    this.#out.carEvent('A');
    this.#evaluate();
  }

  #drive(signal: PilotSignal): void {
    this.#signal = signal;
    this.#evaluate();
  }

  #evaluate(tellRelay: boolean = false): void {
    this.#reportDuty();
    const before = this.#letter;
    const letter = this.#read() ?? before;
    this.#letter = letter;
    const carries = letter === 'C' || letter === 'D';
    // Every new charge needs a new permission: one that was given for the last C must not close the relay in the next.
    if (!carries) this.#powerAllowed = false;
    const closed = this.#relayWanted(carries);
    this.#reportCurrent(closed && carries);
    if (letter === 'A' && letter !== before) this.#seeDiodeFault(false);
    this.#seeCar(letter);
    const relayChanged = closed !== this.#relayClosed;
    this.#relayClosed = closed;
    this.#reportLetter(letter);
    if (relayChanged || tellRelay) this.#out.event(closed ? 'PowerOn' : 'PowerOff');
  }

  #read(): PilotLetter | undefined {
    if (!this.#enabled) return this.#letter === undefined ? undefined : 'F';
    const reading = readPilot(this.voltages, this.#signal.kind === 'pwm');
    if (reading !== 'DiodeFault') return reading;
    this.#seeDiodeFault(true);
    return undefined;
  }

  /** It closes with PWM only; PWM that ends while the car draws leaves it to the EVSE when to open it. */
  #relayWanted(carries: boolean): boolean {
    return carries && this.#powerAllowed && (this.#signal.kind === 'pwm' || this.#relayClosed);
  }

  #reportDuty(): void {
    const dutyPercent = dutyPercentOf(this.#signal);
    if (dutyPercent === this.#dutyPercent) return;
    this.#dutyPercent = dutyPercent;
    this.#out.duty(dutyPercent);
  }

  #reportCurrent(flows: boolean): void {
    const currentA = flows
      ? drawnA({
          dutyPercent: this.#dutyPercent,
          carLimitA: this.#car.limitA,
          carPhases: this.#car.phases,
          evseThreePhases: this.#threePhases,
        })
      : noCurrent;
    if (currentA.every((ampere, phase) => ampere === this.#currentA[phase])) return;
    this.#currentA = currentA;
    this.#out.current(currentA);
  }

  #reportLetter(letter: PilotLetter | undefined): void {
    if (letter === undefined || letter === this.#published) return;
    this.#published = letter;
    this.#out.event(letter);
  }

  #seeCar(letter: PilotLetter | undefined): void {
    if (letter === 'A') this.#carSeen = false;
    if (letter !== 'B' && letter !== 'C' && letter !== 'D') return;
    const isNew = this.#carSeen === false;
    this.#carSeen = true;
    if (isNew) this.#out.plugged();
  }

  #seeDiodeFault(seen: boolean): void {
    if (seen === this.#diodeFaultSeen) return;
    this.#diodeFaultSeen = seen;
    this.#out.diodeFault(seen);
  }
}
