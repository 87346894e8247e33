import type { Clock, Logger, Timer } from '@chargemesh/base';
import { chargerActions } from './charger-actions.ts';
import { chargerConditions } from './charger-conditions.ts';
import type {
  ChargerContext,
  ChargerEvents,
  ChargerLimit,
  ChargerMemory,
  ChargerOffer,
  ChargerOptions,
  ChargerPilot,
  ChargerSession,
  Shutdown,
} from './charger-context.ts';
import type { ChargerStateName } from './charger-state.ts';
import { type ChargerRow, chargerTable, type RowAction, type RowCondition } from './charger-table.ts';
import { chargerTimers } from './charger-timers.ts';
import { StateTimers } from './state-timers.ts';

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
  /** Has the board use all three phases, or one. The relay is open then. */
  readonly switchPhases: (threePhases: boolean) => void;
  /** Hears of each new state before it does anything. */
  readonly onState: (state: ChargerStateName) => void;
  /** Hears when a run has come to its end. */
  readonly onSettled: () => void;
}

/**
 * Runs the state machine of one EVSE, to a stable state after each fact that changes and each time that is over, and never in between.
 * Its rules stand in {@link chargerTable}.
 */
export class Charger {
  readonly #ports: ChargerPorts;
  readonly #context: ChargerContext;
  readonly #timers: StateTimers;
  readonly #memory: ChargerMemory = {
    wokenUp: false,
    errorSequenceWanted: false,
    faultShown: false,
    faultNoted: false,
    toldReasons: '',
  };
  #state: ChargerStateName = 'Disabled';
  #running = false;
  #again = false;
  #started = false;
  #timer: Timer | undefined;
  #shutdown: Shutdown = 'none';
  #disableRequested = false;
  #pauseRequested = false;
  #carLeft = false;
  #waitsForCar = false;
  /** Whether three phases are to be used; undefined: as they are. */
  #threePhases: boolean | undefined;

  constructor(options: ChargerOptions, ports: ChargerPorts) {
    this.#ports = ports;
    this.#timers = new StateTimers(ports.clock);
    const charger = this;
    this.#context = {
      options,
      memory: this.#memory,
      pilot: ports.pilot,
      offer: ports.offer,
      session: ports.session,
      events: ports.events,
      limit: ports.limit,
      forgetSession: () => {
        this.#pauseRequested = false;
        this.#carLeft = false;
        this.#memory.errorSequenceWanted = false;
      },
      giveUpCar: () => {
        this.#carLeft ||= !ports.pilot.plugged;
      },
      switchPhases: () => {
        const threePhases = this.#threePhases;
        this.#threePhases = undefined;
        if (threePhases !== undefined) ports.switchPhases(threePhases);
      },
      get carPlugged() {
        return ports.pilot.plugged && !charger.#carLeft;
      },
      get carGone() {
        return !this.carPlugged && !charger.#waiting;
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
      get phaseSwitchWanted() {
        return charger.#threePhases !== undefined;
      },
    };
  }

  get state(): ChargerStateName {
    return this.#state;
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
    if (disabled) this.#enter('Disabled');
    else {
      this.#ports.pilot.enable();
      this.#enter('Idle');
    }
    this.update();
  }

  /** Goes on where another life of this charger ended. The pilot is enabled already. */
  resume(state: 'Idle' | 'WaitingForAuthentication' | 'PrepareCharging' | 'Finished', pauseRequested: boolean): void {
    this.#started = true;
    this.#pauseRequested = pauseRequested;
    this.#enter(state);
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

  /** Has the board use all three phases, or one: at once, or after a break where a car charges. Undefined: leaves it as it is. */
  requestPhases(threePhases: boolean | undefined): void {
    if (threePhases === this.#threePhases) return;
    this.#threePhases = threePhases;
    this.update();
  }

  /** Shows F for a while, as a modem asks for it that does not find the car's; only before a car charges. @see ISO 15118-3, 7.6 */
  requestErrorSequence(): void {
    if (this.#state !== 'WaitingForAuthentication' && this.#state !== 'PrepareCharging') return;
    this.#memory.errorSequenceWanted = true;
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
    const dueMs = this.#timers.nextMs();
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
      const next = this.#step();
      if (next === undefined) return;
      this.#enter(next);
    }
    this.#ports.log.error(`the charger does not settle in ${this.#state}`);
  }

  #enter(state: ChargerStateName): void {
    this.#ports.log.debug(`${this.#state} -> ${state}`);
    this.#state = state;
    this.#timers.clear();
    Object.assign(this.#memory, { faultShown: false, faultNoted: false, toldReasons: '' });
    this.#ports.onState(state);
    for (const action of chargerTable[state].enter) this.#act(action);
  }

  /** Goes through the rows of the present state. @returns the state that follows */
  #step(): ChargerStateName | undefined {
    for (const row of chargerTable[this.#state].rows) {
      if (!this.#applies(row)) continue;
      for (const action of row.does ?? []) this.#act(action);
      if (row.next === 'stay') return undefined;
      if (row.next !== undefined) return row.next;
    }
    return undefined;
  }

  #applies({ all = [], any }: ChargerRow): boolean {
    const holds = (condition: RowCondition): boolean => this.#holds(condition);
    return all.every(holds) && (any === undefined || any.some(holds));
  }

  #holds(condition: RowCondition): boolean {
    if (typeof condition === 'string') return chargerConditions[condition].holds(this.#context);
    if ('not' in condition) return !chargerConditions[condition.not].holds(this.#context);
    if ('over' in condition) return this.#timers.isOver(condition.over);
    return !this.#timers.isOver(condition.within);
  }

  #act(action: RowAction): void {
    if (typeof action === 'string') chargerActions[action].act(this.#context);
    else if ('start' in action) this.#timers.start(action.start, chargerTimers[action.start].durationMs(this.#context));
    else this.#timers.stop(action.stop);
  }
}
