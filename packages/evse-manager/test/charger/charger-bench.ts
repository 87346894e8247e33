import { silentLogger, VirtualClock } from '@chargemesh/base';
import { expect } from '@jest/globals';
import { Charger } from '../../src/charger/charger.ts';
import type { ChargerSession } from '../../src/charger/charger-context.ts';
import type { ChargerStateName } from '../../src/charger/charger-state.ts';

/** A charger whose surroundings are plain values that a test sets. */
export class Bench {
  readonly clock = new VirtualClock();
  readonly did: string[] = [];
  /** The states since a fact was changed last. */
  readonly states: ChargerStateName[] = [];
  /** All states since they were forgotten. */
  readonly gone: ChargerStateName[] = [];
  readonly pilot = {
    plugged: false,
    carWantsPower: false,
    relayOpen: true,
    enable: () => this.#do('enable'),
    disable: () => this.#do('disable'),
    steady: () => this.#do('steady'),
    showF: () => this.#do('F'),
    grantPower: () => {
      this.#do('grant');
      this.pilot.relayOpen = false;
    },
    powerOff: () => {
      this.#do('power off');
      this.pilot.relayOpen = true;
    },
  };
  readonly offer = {
    running: false,
    offer: (limitA: number) => {
      if (!this.offer.running) this.#do(`offer ${limitA}`);
      this.offer.running = true;
    },
    stop: () => {
      this.#do('offer ends');
      this.offer.running = false;
    },
  };
  readonly session: { -readonly [K in keyof ChargerSession]: ChargerSession[K] } = {
    isOpen: false,
    authorized: false,
    transaction: 'none',
    openByPlug: () => {
      this.session.isOpen = true;
    },
    beginTransaction: () => {
      this.session.transaction = 'starting';
    },
    endTransaction: () => {
      this.session.transaction = 'stopping';
    },
    close: () => {
      this.session.isOpen = false;
      this.session.authorized = false;
      this.session.transaction = 'none';
    },
  };
  readonly limit: { limitA: number | undefined; hasPower: boolean } = { limitA: 16, hasPower: true };
  readonly charger: Charger;

  constructor() {
    this.charger = new Charger(
      { showFAfterFaultMs: 300, phaseSwitchDelayMs: 10_000, phaseSwitchShowsF: false },
      {
        clock: this.clock,
        log: silentLogger,
        pilot: this.pilot,
        offer: this.offer,
        session: this.session,
        limit: this.limit,
        switchPhases: (threePhases) => this.#do(threePhases ? '3 phases' : '1 phase'),
        events: {
          authRequired: () => {},
          prepareCharging: () => {},
          chargingStarted: () => {},
          chargingPausedEv: () => {},
          chargingPausedEvse: (reasons) => this.#do(`paused: ${reasons.join()}`),
          stoppingCharging: () => {},
          switchingPhases: () => {},
          disabled: () => this.#do('disabled'),
          clearSessionFaults: () => {},
        },
        onState: (state) => {
          this.states.push(state);
          this.gone.push(state);
        },
        onSettled: () => {},
      },
    );
  }

  forget(): void {
    this.did.length = 0;
    this.gone.length = 0;
  }

  /** Changes what the charger looks at and lets it look. */
  set(change: () => void): readonly ChargerStateName[] {
    this.did.length = 0;
    this.states.length = 0;
    change();
    this.charger.update();
    return this.states;
  }

  /** Brings the charger to a state of a session, with the car plugged in. */
  reach(state: 'PrepareCharging' | 'Charging'): void {
    this.charger.start(false);
    this.set(() => {
      this.pilot.plugged = true;
      this.session.authorized = true;
    });
    this.set(() => {
      this.session.transaction = 'active';
    });
    if (state === 'Charging')
      this.set(() => {
        this.pilot.carWantsPower = true;
      });
    expect(this.charger.state).toBe(state);
    this.did.length = 0;
    this.states.length = 0;
  }

  #do(what: string): void {
    this.did.push(what);
  }
}
