import { type Clock, type Logger, messageOf, type Timer } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { offeredA, offersCurrent } from '../offered-current.ts';
import type { Battery } from './battery.ts';
import type { CarActions, CarSignal, CarState, DrawingState } from './car-actions.ts';
import type { CarOptions, CarPort } from './car-port.ts';
import type { Ended } from './commands.ts';
import { parseScript } from './script.ts';
import { ScriptError } from './script-error.ts';
import { ScriptRunner } from './script-runner.ts';

type CpLetter = types.ev_board_support.EvCpState;

/** How often a charging car tells of its battery: in simulated time, but not more often than the second. */
const INFO_PERIOD_MS = 10_000;
const LEAST_INFO_PERIOD_MS = 1_000;
/** The pause between two runs of a script that repeats itself. */
const REPEAT_PAUSE_MS = 250;
const BCB_HALF_MS = 500;

/**
 * A car that carries out scripts. Nothing is polled: whatever it measures or hears moves it on, so a car that sleeps for an hour
 * costs one timer.
 */
export class Car {
  readonly #options: CarOptions;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #battery: Battery;
  readonly #port: CarPort;
  readonly #runner: ScriptRunner;
  readonly #actions: CarActions;
  readonly #signals = new Set<CarSignal>();
  #enabled = false;
  #infoTimer: Timer | undefined;
  #repeatTimer: Timer | undefined;
  #state: CarState = { kind: 'unplugged' };
  #letter: CpLetter = 'A';
  #diodeFailed = false;
  #lastDraw: DrawingState | undefined;
  #dutyPercent = 100;
  #slacState: types.slac.State = 'UNMATCHED';
  #evPowerReady = false;
  #hlcRunning = false;
  #hlcMode: 'ac' | 'dc' = 'ac';

  constructor(options: CarOptions, parts: { clock: Clock; log: Logger; battery: Battery; port: CarPort }) {
    this.#options = options;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#battery = parts.battery;
    this.#port = parts.port;
    this.#runner = new ScriptRunner({ ...parts, speed: options.speed, onTimer: () => this.#advance() });
    this.#actions = this.#makeActions();
  }

  get enabled(): boolean {
    return this.#enabled;
  }

  /** Whether a script is under way. */
  get running(): boolean {
    return this.#runner.running;
  }

  /** The control pilot state that the car shows. */
  get letter(): CpLetter {
    return this.#letter;
  }

  /** Takes the car to the board, or away from it with all it did there. @returns whether that changed anything */
  enable(on: boolean): boolean {
    if (on === this.#enabled) return false;
    this.#enabled = on;
    if (!on) {
      this.stop();
      this.#state = { kind: 'unplugged' };
      this.#diodeFailed = false;
      this.#noteLetter('A');
      this.#follow();
    }
    return true;
  }

  /**
   * Carries out a script from its beginning, with the car unplugged first.
   * @throws ScriptError where the car is disabled or busy, or the script is of no use
   */
  execute(script: string): void {
    if (!this.#enabled) throw new ScriptError('the car is disabled', script);
    if (this.running) throw new ScriptError('a script is under way; modify it, or wait for its end', script);
    const steps = parseScript(script, this.#options.equipment);
    this.#repeatTimer?.cancel();
    this.#state = { kind: 'unplugged' };
    this.#setDiode(false);
    this.#port.setCpState('A');
    this.#port.allowPowerOn(false);
    this.#noteLetter('A');
    this.#runner.load(steps);
    this.#advance();
  }

  /**
   * Puts this script in the place of what is left of the present one. What the car does at its plug goes on until the script says
   * otherwise.
   * @throws ScriptError where the car is disabled, or the script is of no use
   */
  modify(script: string): void {
    if (!this.#enabled) throw new ScriptError('the car is disabled', script);
    const steps = parseScript(script, this.#options.equipment);
    this.#repeatTimer?.cancel();
    this.#runner.load(steps);
    this.#advance();
  }

  /** The car stood plugged in when the power went, and still does. */
  restorePlugged(): void {
    this.#state = { kind: 'plugged' };
    this.#follow();
  }

  /** The board forgot what it knew of the car: tells it again. */
  tellAgain(): void {
    if (this.#lastDraw) this.#tellDraw(this.#lastDraw);
    if (this.#diodeFailed) this.#port.failDiode(true);
    this.#port.setCpState(this.#letter);
    this.#port.allowPowerOn(draws(this.#letter));
  }

  /** The PWM duty that the car measures, in percent; 100 without PWM. */
  measured(dutyPercent: number): void {
    if (dutyPercent === this.#dutyPercent) return;
    this.#dutyPercent = dutyPercent;
    this.#advance();
  }

  bspEvent(event: types.board_support_common.BspEvent['event']): void {
    if (event === 'A') this.signal('real-plugin');
    if (event !== 'Disconnected' || this.#letter === 'A') return;
    this.#log.warn('the plug was pulled: the script is given up');
    this.#runner.clear();
    this.#state = { kind: 'unplugged' };
    this.#follow();
  }

  slacChanged(state: types.slac.State): void {
    this.#slacState = state;
    this.#advance();
  }

  evPowerReadyChanged(ready: boolean): void {
    this.#evPowerReady = ready;
    this.#advance();
  }

  /** The session by ISO 15118 is over, or did not begin. */
  hlcFinished(): void {
    this.#hlcRunning = false;
    this.#evPowerReady = false;
    this.#advance();
  }

  signal(signal: CarSignal): void {
    this.#signals.add(signal);
    this.#advance();
  }

  /** Gives up what is under way. The plug is left as it is. */
  stop(): void {
    this.#runner.clear();
    this.#repeatTimer?.cancel();
    this.#infoTimer?.cancel();
    this.#infoTimer = undefined;
  }

  /** A car without a script stands as its last one has left it, as EVerest's does, whatever the EVSE says. */
  #advance(): void {
    if (!this.#runner.running) return;
    const ended = this.#runner.advance(this.#actions);
    this.#follow();
    if (!ended) return;
    this.#log.info('the car has carried out its script');
    this.#rest();
    const { repeat } = this.#options;
    if (repeat !== undefined) this.#repeatTimer = this.#clock.setTimer(REPEAT_PAUSE_MS, () => this.#repeat(repeat));
  }

  #repeat(script: string): void {
    try {
      this.execute(script);
    } catch (error) {
      this.#log.warn(`the car's script is not repeated: ${messageOf(error)}`);
    }
  }

  /** Does at the plug, and with the battery, what follows from the state. */
  #follow(): void {
    const letter = letterOf(this.#state, this.#dutyPercent) ?? this.#letter;
    this.#setDiode(this.#state.kind === 'diode-fail');
    if (letter !== this.#letter) {
      this.#port.setCpState(letter);
      this.#port.allowPowerOn(draws(letter));
      this.#noteLetter(letter);
    }
    const powerW = this.#powerW();
    if (powerW === 0) {
      this.#rest();
      return;
    }
    this.#battery.charge(powerW);
    if (!this.#infoTimer) {
      const periodMs = Math.max(LEAST_INFO_PERIOD_MS, INFO_PERIOD_MS / this.#options.speed);
      this.#infoTimer = this.#clock.setPeriodic(periodMs, () => this.#tellBattery());
      this.#tellBattery();
    }
  }

  /** Nothing flows into the battery, and nothing is told of it. */
  #rest(): void {
    this.#battery.charge(0);
    this.#infoTimer?.cancel();
    this.#infoTimer = undefined;
  }

  #noteLetter(letter: CpLetter): void {
    const wasUnplugged = this.#letter === 'A';
    this.#letter = letter;
    if (wasUnplugged && letter !== 'A') {
      this.#port.plugged(true);
      this.#tellBattery();
    } else if (!wasUnplugged && letter === 'A') {
      this.#port.plugged(false);
      // The modem would take the next EVSE for this one.
      if (this.#options.equipment.slac) this.#port.resetMatching();
    }
  }

  #setDiode(failed: boolean): void {
    if (failed === this.#diodeFailed) return;
    this.#diodeFailed = failed;
    this.#port.failDiode(failed);
  }

  #draw(state: DrawingState): void {
    this.#lastDraw = state;
    this.#state = state;
    this.#tellDraw(state);
  }

  #tellDraw({ currentA, phases }: DrawingState): void {
    this.#port.setAcMaxCurrent(currentA);
    this.#port.setThreePhases(phases === 3);
  }

  /** What flows into the battery, by what the car knows. */
  #powerW(): number {
    const { acVoltageV, dcTargetCurrentA, dcTargetVoltageV } = this.#options;
    const state = this.#state;
    if (this.#letter !== 'C' || (state.kind !== 'charging' && state.kind !== 'iso-charging')) return 0;
    if (state.kind === 'iso-charging' && this.#hlcMode === 'dc') return dcTargetCurrentA * dcTargetVoltageV;
    const offered = state.kind === 'charging' ? offeredA(this.#dutyPercent) : Number.POSITIVE_INFINITY;
    return Math.sign(state.currentA) * Math.min(Math.abs(state.currentA), offered) * acVoltageV * state.phases;
  }

  #tellBattery(): void {
    const state = this.#state;
    const dc = state.kind === 'iso-charging' && this.#hlcMode === 'dc';
    const target =
      state.kind === 'charging' || state.kind === 'iso-charging'
        ? {
            target_current: dc ? this.#options.dcTargetCurrentA : state.currentA,
            target_voltage: dc ? this.#options.dcTargetVoltageV : 0,
          }
        : {};
    this.#port.info({
      soc: this.#battery.soc,
      battery_capacity: this.#battery.capacityWh,
      battery_full_soc: 100,
      ...target,
    });
  }

  #makeActions(): CarActions {
    const port = this.#port;
    return {
      dutyPercent: () => this.#dutyPercent,
      slacState: () => this.#slacState,
      evPowerReady: () => this.#evPowerReady,
      hlcFinished: () => !this.#hlcRunning,
      become: (state) => {
        // Its module may have been started anew beside a board that remembers the car.
        if (state.kind === 'unplugged' && this.#letter === 'A') port.setCpState('A');
        this.#state = state;
      },
      draw: (state) => this.#draw(state),
      setRcdCurrent: (currentMa) => port.setRcdCurrent(currentMa),
      setSoc: (percent) => {
        this.#battery.soc = percent;
      },
      timer: (seconds) => this.#runner.startTimer(seconds),
      heard: (signal) => this.#signals.has(signal),
      forget: (signal) => this.#signals.delete(signal),
      toggleBcb: (count) => this.#toggleBcb(count),
      insert: (names) => this.#runner.insert(names.map((name) => ({ name, args: [] }))),
      insertPluginCommands: () => this.#insertPluginCommands(),
      triggerMatching: () => port.triggerMatching(),
      startHlc: (request) => {
        this.#hlcMode = request.mode;
        this.#hlcRunning = true;
        for (const signal of ['dc-power-on', 'stop-from-charger', 'pause-from-charger'] as const)
          this.#signals.delete(signal);
        port.startHlc(request);
      },
      stopHlc: () => {
        if (this.#hlcRunning) port.stopHlc();
      },
      pauseHlc: () => {
        if (this.#hlcRunning) port.pauseHlc();
      },
    };
  }

  #insertPluginCommands(): void {
    const steps = parseScript(this.#options.pluginCommands, this.#options.equipment);
    if (steps.some(({ name }) => name === 'plugin')) throw new ScriptError('plugin_commands contain plugin itself');
    this.#runner.insert(steps);
  }

  #toggleBcb(count: number): Ended {
    let halvesLeft = count * 2;
    const half = (): void => {
      if (halvesLeft === 0) return;
      this.#state = { kind: 'bcb-toggle', letter: halvesLeft % 2 === 0 ? 'C' : 'B' };
      halvesLeft--;
      this.#runner.setTimer(BCB_HALF_MS, half);
    };
    let over = count === 0;
    half();
    if (!over)
      this.#runner.setTimer(count * 2 * BCB_HALF_MS, () => {
        over = true;
      });
    return () => over;
  }
}

/** What the car shows at the control pilot; undefined: what it showed before. */
function letterOf(state: CarState, dutyPercent: number): CpLetter | undefined {
  switch (state.kind) {
    case 'unplugged':
      return 'A';
    case 'plugged':
      return 'B';
    case 'charging':
      return state.regulated && !offersCurrent(dutyPercent) ? 'B' : 'C';
    case 'iso-ready':
    case 'iso-charging':
      return 'C';
    case 'bcb-toggle':
      return state.letter;
    case 'error-e':
      return 'E';
    case 'diode-fail':
      return undefined;
  }
}

function draws(letter: CpLetter): boolean {
  return letter === 'C' || letter === 'D';
}
