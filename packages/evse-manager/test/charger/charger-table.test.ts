import { describe, expect, test } from '@jest/globals';
import type { ChargerStateName } from '../../src/charger/charger-state.ts';
import { chargerTable, type RowCondition } from '../../src/charger/charger-table.ts';
import { Bench } from './charger-bench.ts';

const textOf = (condition: RowCondition): string =>
  typeof condition === 'string' ? condition : Object.entries(condition).flat().join(' ');

/** Each way out of a state, as the table has it: one for each condition that is enough. */
const transitions: readonly string[] = Object.entries(chargerTable).flatMap(([state, { rows }]) =>
  rows.flatMap(({ all = [], any = [], next }) => {
    if (next === undefined || next === 'stay') return [];
    const always = all.map(textOf);
    const ways = any.length === 0 ? [always] : any.map((condition) => [...always, textOf(condition)]);
    return ways.map((way) => `${state} -> ${next}: ${way.length === 0 ? 'else' : way.join(', ')}`);
  }),
);

type Reach = (bench: Bench) => void | Promise<void>;

/** Brings a charger to each state. */
const reach: Readonly<Record<ChargerStateName, Reach>> = {
  Disabled: ({ charger }) => charger.start(true),
  Idle: ({ charger }) => charger.start(false),
  WaitingForAuthentication: (bench) => {
    bench.charger.start(false);
    bench.set(() => {
      bench.pilot.plugged = true;
    });
  },
  PrepareCharging: (bench) => bench.reach('PrepareCharging'),
  Charging: (bench) => bench.reach('Charging'),
  ChargingPausedEV: (bench) => {
    bench.reach('Charging');
    rest(bench);
  },
  ChargingPausedEVSE: (bench) => {
    bench.reach('PrepareCharging');
    bench.charger.requestPause(true);
  },
  StoppingCharging: (bench) => {
    bench.reach('Charging');
    bench.set(() => {
      bench.pilot.carWantsPower = false;
    });
  },
  Finished: (bench) => {
    bench.reach('PrepareCharging');
    bench.set(() => {
      bench.session.authorized = false;
    });
    bench.set(() => {
      bench.session.transaction = 'ended';
    });
  },
  T_step_EF: async (bench) => {
    bench.reach('PrepareCharging');
    await bench.clock.advance(30_000);
  },
  SwitchPhases: (bench) => {
    bench.reach('Charging');
    bench.charger.requestPhases(false);
  },
};

/** The car ends its load by itself. */
function rest(bench: Bench): void {
  bench.set(() => {
    bench.pilot.carWantsPower = false;
    bench.pilot.relayOpen = true;
  });
}

function unplug(bench: Bench): void {
  bench.pilot.plugged = false;
  bench.charger.noteUnplugged();
}

/** The car that is waited for is unplugged. */
function unplugForAWhile(bench: Bench): void {
  bench.charger.setWaitsForCar(true);
  bench.pilot.relayOpen = true;
  unplug(bench);
}

const fault = ({ charger }: Bench): void => charger.setShutdown('error');
const disable = ({ charger }: Bench): void => charger.requestDisable(true);
const pause = ({ charger }: Bench): void => charger.requestPause(true);
const deauthorize = (bench: Bench): void =>
  void bench.set(() => {
    bench.session.authorized = false;
  });
const losesTransaction = (bench: Bench): void =>
  void bench.set(() => {
    bench.session.transaction = 'ended';
  });
const losesPower = (bench: Bench): void =>
  void bench.set(() => {
    bench.limit.hasPower = false;
  });
const opensRelay = (bench: Bench): void =>
  void bench.set(() => {
    bench.pilot.relayOpen = true;
  });
/** A relay that cannot be opened. */
const weld = (bench: Bench): void => {
  bench.pilot.powerOff = () => {};
};

/** What causes each transition. */
const cases: Readonly<Record<string, Reach>> = {
  'Disabled -> Idle: not disableRequested': ({ charger }) => charger.requestDisable(false),
  'Idle -> Disabled: disableRequested': disable,
  'Idle -> WaitingForAuthentication: plugged, not faulty': (bench) =>
    void bench.set(() => {
      bench.pilot.plugged = true;
    }),
  'WaitingForAuthentication -> Finished: faulty': fault,
  'WaitingForAuthentication -> Finished: not carPlugged': unplug,
  'WaitingForAuthentication -> Finished: disableRequested': disable,
  'WaitingForAuthentication -> PrepareCharging: transactionActive': (bench) => {
    bench.set(() => {
      bench.session.authorized = true;
    });
    bench.set(() => {
      bench.session.transaction = 'active';
    });
  },
  'WaitingForAuthentication -> T_step_EF: errorSequenceWanted': ({ charger }) => charger.requestErrorSequence(),
  'PrepareCharging -> T_step_EF: errorSequenceWanted': ({ charger }) => charger.requestErrorSequence(),
  'PrepareCharging -> StoppingCharging: faulty': fault,
  'PrepareCharging -> StoppingCharging: not authorized': deauthorize,
  'PrepareCharging -> StoppingCharging: not transactionActive': losesTransaction,
  'PrepareCharging -> StoppingCharging: carGone': unplug,
  'PrepareCharging -> StoppingCharging: disableRequested': disable,
  'PrepareCharging -> StoppingCharging: pauseRequested': pause,
  'PrepareCharging -> ChargingPausedEV: not plugged': unplugForAWhile,
  'PrepareCharging -> Charging: carWantsPower': (bench) =>
    void bench.set(() => {
      bench.pilot.carWantsPower = true;
    }),
  'PrepareCharging -> ChargingPausedEV: over patience, carWokenUp': async ({ clock }) => clock.advance(44_750),
  'PrepareCharging -> T_step_EF: over patience': async ({ clock }) => clock.advance(30_000),
  'Charging -> StoppingCharging: faulty': fault,
  'Charging -> StoppingCharging: not authorized': deauthorize,
  'Charging -> StoppingCharging: not transactionActive': losesTransaction,
  'Charging -> StoppingCharging: carGone': unplug,
  'Charging -> StoppingCharging: disableRequested': disable,
  'Charging -> StoppingCharging: pauseRequested': pause,
  'Charging -> StoppingCharging: not carWantsPower': rest,
  'Charging -> StoppingCharging: not hasPower': losesPower,
  'Charging -> SwitchPhases: phaseSwitchWanted': ({ charger }) => charger.requestPhases(false),
  'ChargingPausedEV -> StoppingCharging: not authorized': deauthorize,
  'ChargingPausedEV -> StoppingCharging: not transactionActive': losesTransaction,
  'ChargingPausedEV -> StoppingCharging: carGone': unplug,
  'ChargingPausedEV -> StoppingCharging: disableRequested': disable,
  'ChargingPausedEV -> ChargingPausedEVSE: not hasPower': losesPower,
  'ChargingPausedEV -> ChargingPausedEVSE: pauseRequested': pause,
  'ChargingPausedEV -> ChargingPausedEVSE: faulty': fault,
  'ChargingPausedEV -> PrepareCharging: carWantsPower': (bench) =>
    void bench.set(() => {
      bench.pilot.carWantsPower = true;
    }),
  'ChargingPausedEVSE -> StoppingCharging: not authorized': deauthorize,
  'ChargingPausedEVSE -> StoppingCharging: not transactionActive': losesTransaction,
  'ChargingPausedEVSE -> StoppingCharging: carGone': unplug,
  'ChargingPausedEVSE -> StoppingCharging: disableRequested': disable,
  'ChargingPausedEVSE -> PrepareCharging: not pausedForReasons': ({ charger }) => charger.requestPause(false),
  'StoppingCharging -> Finished: not authorized': (bench) => {
    bench.session.authorized = false;
    opensRelay(bench);
  },
  'StoppingCharging -> Finished: not transactionActive': (bench) => {
    bench.session.transaction = 'ended';
    opensRelay(bench);
  },
  'StoppingCharging -> Finished: carGone': (bench) => {
    unplug(bench);
    opensRelay(bench);
  },
  'StoppingCharging -> Finished: disableRequested': async (bench) => {
    disable(bench);
    weld(bench);
    await bench.clock.advance(30_000);
  },
  'StoppingCharging -> ChargingPausedEV: not plugged': unplugForAWhile,
  'StoppingCharging -> ChargingPausedEVSE: not hasPower': (bench) => {
    losesPower(bench);
    opensRelay(bench);
  },
  'StoppingCharging -> ChargingPausedEVSE: pauseRequested': (bench) => {
    pause(bench);
    opensRelay(bench);
  },
  'StoppingCharging -> ChargingPausedEVSE: faulty': (bench) => {
    fault(bench);
    opensRelay(bench);
  },
  'StoppingCharging -> ChargingPausedEV: else': opensRelay,
  'Finished -> Disabled: disableRequested': disable,
  'Finished -> Idle: not carPlugged': unplug,
  'T_step_EF -> PrepareCharging: transactionActive, faulty': fault,
  'T_step_EF -> PrepareCharging: transactionActive, not carPlugged': unplug,
  'T_step_EF -> PrepareCharging: transactionActive, disableRequested': disable,
  'T_step_EF -> PrepareCharging: over wakeSteady, transactionActive': async ({ clock }) => clock.advance(4_750),
  'T_step_EF -> WaitingForAuthentication: faulty': (bench) => {
    bench.session.transaction = 'none';
    fault(bench);
  },
  'T_step_EF -> WaitingForAuthentication: not carPlugged': (bench) => {
    bench.session.transaction = 'none';
    unplug(bench);
  },
  'T_step_EF -> WaitingForAuthentication: disableRequested': (bench) => {
    bench.session.transaction = 'none';
    disable(bench);
  },
  'T_step_EF -> WaitingForAuthentication: over wakeSteady': async ({ session, clock }) => {
    session.transaction = 'none';
    await clock.advance(4_750);
  },
  'SwitchPhases -> PrepareCharging: faulty': fault,
  'SwitchPhases -> PrepareCharging: not carPlugged': unplug,
  'SwitchPhases -> PrepareCharging: disableRequested': disable,
  'SwitchPhases -> PrepareCharging: relayOpen': async (bench) => {
    opensRelay(bench);
    await bench.clock.advance(10_000);
  },
  'SwitchPhases -> StoppingCharging: over giveUpOnRelay': async ({ clock }) => clock.advance(30_000),
};

test('each transition of the table has a case, and no other has', () => {
  expect(Object.keys(cases).sort()).toEqual([...transitions].sort());
});

describe.each(Object.keys(chargerTable) as ChargerStateName[])('%s', (state) => {
  test('is reached', async () => {
    const bench = new Bench();
    await reach[state](bench);
    expect(bench.charger.state).toBe(state);
  });

  const own = Object.entries(cases).filter(([name]) => name.startsWith(`${state} -> `));
  test.each(own)('%s', async (name, cause) => {
    const bench = new Bench();
    await reach[state](bench);
    expect(bench.charger.state).toBe(state);
    bench.forget();
    await cause(bench);
    const next = name.slice(`${state} -> `.length, name.indexOf(':'));
    // A car that has to be woken first passes through more than one state.
    expect<readonly string[]>(state === 'PrepareCharging' ? bench.gone : bench.gone.slice(0, 1)).toContain(next);
  });
});
