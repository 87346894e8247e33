import type { Clock, Logger, Timer } from '@chargemesh/base';
import type {
  ChargerContext,
  ChargerEvents,
  ChargerLimit,
  ChargerOffer,
  ChargerPilot,
  ChargerSession,
  Shutdown,
  StateRules,
} from './charger-context.ts';
import type { ChargerState, ChargerStateName } from './charger-state.ts';
import { charging } from './states/charging.ts';
import { chargingPausedEv } from './states/charging-paused-ev.ts';
import { chargingPausedEvse } from './states/charging-paused-evse.ts';
import { disabled } from './states/disabled.ts';
import { finished } from './states/finished.ts';
import { idle } from './states/idle.ts';
import { prepareCharging } from './states/prepare-charging.ts';
import { stoppingCharging } from './states/stopping-charging.ts';
import { tStepEf } from './states/t-step-ef.ts';
import { waitingForAuthentication } from './states/waiting-for-authentication.ts';

/** A run that does not settle after so many changes of state has rules that contradict each other. */
const MAX_CHANGES = 20;

export interface ChargerPorts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly pilot: ChargerPilot;
  readonly offer: ChargerOffer;
  readonly session: ChargerSession;
  readonly events: ChargerEvents;
  readonly limit: ChargerLimit;
  /** Hears of each new state before it does anything. */
  readonly onState: (state: ChargerStateName) => void;
  /** Hears when a run has come to its end. */
  readonly onSettled: () => void;
}

/**
 * The state machine of one EVSE. It runs to a stable state after each fact that changes and each time that is due, and never in between.
 * The states' rules stand in `states/`, one file each.
 */
export class Charger {
  readonly #ports: ChargerPorts;
  readonly #context: ChargerContext;
  #state: ChargerState = { name: 'Disabled' };
  #rules: StateRules = { step: () => undefined };
  #running = false;
  #again = false;
  #started = false;
  #timer: Timer | undefined;
  #enteredAtMs = 0;
  #shutdown: Shutdown = 'none';
  #disableRequested = false;
  #pauseRequested = false;
  #carLeft = false;
  #waitsForCar = false;

  constructor(options: { showFAfterFaultMs: number }, ports: ChargerPorts) {
    this.#ports = ports;
    const charger = this;
    this.#context = {
      pilot: ports.pilot,
      offer: ports.offer,
      session: ports.session,
      events: ports.events,
      limit: ports.limit,
      showFAfterFaultMs: options.showFAfterFaultMs,
      wokenUp: false,
      forgetSession: () => {
        this.#pauseRequested = false;
        this.#carLeft = false;
      },
      giveUpCar: () => {
        this.#carLeft ||= !ports.pilot.plugged;
      },
      get carPlugged() {
        return ports.pilot.plugged && !charger.#carLeft;
      },
      get carGone() {
        return !this.carPlugged && !charger.#waiting;
      },
      get nowMs() {
        return ports.clock.monotonicMs();
      },
      get enteredAtMs() {
        return charger.#enteredAtMs;
      },
      get shutdown() {
        return charger.#shutdown;
      },
      get disableRequested() {
        return charger.#disableRequested;
      },
      get pauseRequested() {
        return charger.#pauseRequested;
      },
    };
  }

  get state(): ChargerStateName {
    return this.#state.name;
  }

  get shutdown(): Shutdown {
    return this.#shutdown;
  }

  get pauseRequested(): boolean {
    return this.#pauseRequested;
  }

  /** Whether there is a transaction that goes on though its car is unplugged. */
  get outlivesUnplugging(): boolean {
    return this.#waitsForCar && this.#ports.session.transaction === 'active';
  }

  /** Begins to work, enabled or disabled. Before that, facts are taken but nothing is done. */
  start(disabled: boolean): void {
    this.#started = true;
    this.#disableRequested = disabled;
    if (disabled) this.#enter({ name: 'Disabled' });
    else {
      this.#ports.pilot.enable();
      this.#enter({ name: 'Idle' });
    }
    this.update();
  }

  /** Goes on where another life of this charger ended. The pilot is enabled already. */
  resume(state: 'Idle' | 'WaitingForAuthentication' | 'PrepareCharging' | 'Finished', pauseRequested: boolean): void {
    this.#started = true;
    this.#pauseRequested = pauseRequested;
    this.#enter({ name: state });
    this.update();
  }

  setShutdown(shutdown: Shutdown): void {
    this.#shutdown = shutdown;
    this.update();
  }

  requestDisable(disable: boolean): void {
    this.#disableRequested = disable;
    this.update();
  }

  requestPause(pause: boolean): void {
    this.#pauseRequested = pause;
    this.update();
  }

  /**
   * Whether a transaction outlives that its car is unplugged, and goes on when one is plugged in again.
   * @see OCPP 1.6, 9.1.24 StopTransactionOnEVSideDisconnect
   */
  setWaitsForCar(waits: boolean): void {
    this.#waitsForCar = waits;
    this.update();
  }

  /** The car has gone. Another one that comes before all is put away is not taken for it, unless it is waited for. */
  noteUnplugged(): void {
    this.#carLeft ||= !this.#waiting;
    this.update();
  }

  /** Something that the states look at has changed. */
  update(): void {
    if (!this.#started) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    try {
      do {
        this.#again = false;
        this.#settle();
      } while (this.#again);
    } finally {
      this.#running = false;
    }
    this.#ports.onSettled();
    this.#timer?.cancel();
    const { dueMs } = this.#rules;
    const { clock } = this.#ports;
    this.#timer = dueMs === undefined ? undefined : clock.setTimer(dueMs - clock.monotonicMs(), () => this.update());
  }

  /** Stops all timers. */
  dispose(): void {
    this.#started = false;
    this.#timer?.cancel();
  }

  get #waiting(): boolean {
    return this.outlivesUnplugging && !this.#carLeft;
  }

  #settle(): void {
    for (let changes = 0; changes < MAX_CHANGES; changes++) {
      const next = this.#rules.step();
      if (next === undefined) return;
      this.#enter(next);
    }
    this.#ports.log.error(`the charger does not settle in ${this.#state.name}`);
  }

  #enter(state: ChargerState): void {
    this.#ports.log.debug(`${this.#state.name} -> ${state.name}`);
    this.#state = state;
    this.#enteredAtMs = this.#ports.clock.monotonicMs();
    this.#ports.onState(state.name);
    this.#rules = rulesOf(state, this.#context);
    this.#rules.enter?.();
  }
}

function rulesOf(state: ChargerState, context: ChargerContext): StateRules {
  switch (state.name) {
    case 'Disabled':
      return disabled(context);
    case 'Idle':
      return idle(context);
    case 'WaitingForAuthentication':
      return waitingForAuthentication(context);
    case 'PrepareCharging':
      return prepareCharging(context);
    case 'Charging':
      return charging(context);
    case 'ChargingPausedEV':
      return chargingPausedEv(context);
    case 'ChargingPausedEVSE':
      return chargingPausedEvse(context);
    case 'StoppingCharging':
      return stoppingCharging(context);
    case 'Finished':
      return finished(context);
    case 'T_step_EF':
      return tStepEf(context, state);
  }
}
