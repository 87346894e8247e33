import { describe, expect, test } from '@jest/globals';
import { stateNames } from '../../src/charger/charger-state.ts';
import { Bench } from './charger-bench.ts';

test('nothing is done before it is started', () => {
  const bench = new Bench();
  bench.set(() => {
    bench.pilot.plugged = true;
  });
  expect(bench.charger.state).toBe('Disabled');
  expect(bench.did).toEqual([]);
});

test('started out of service it shows so', () => {
  const bench = new Bench();
  bench.charger.start(true);
  expect(bench.did).toEqual(['disable', 'disabled']);
  bench.charger.requestDisable(false);
  expect(bench.charger.state).toBe('Idle');
});

describe('while the meter begins the transaction', () => {
  test('nothing else is decided, and a car that has left ends it afterwards', () => {
    const bench = new Bench();
    bench.charger.start(false);
    bench.set(() => {
      bench.pilot.plugged = true;
      bench.session.authorized = true;
    });
    expect(bench.session.transaction).toBe('starting');
    bench.pilot.plugged = false;
    bench.charger.noteUnplugged();
    expect(bench.charger.state).toBe('WaitingForAuthentication');
    expect(
      bench.set(() => {
        bench.session.transaction = 'active';
      }),
    ).toEqual(['Finished']);
    expect(bench.session.transaction).toBe('stopping');
    expect(
      bench.set(() => {
        bench.session.transaction = 'ended';
      }),
    ).toEqual(['Idle']);
  });
});

describe('a fault', () => {
  test('while somebody is awaited ends the session, and only a replug begins another', () => {
    const bench = new Bench();
    bench.charger.start(false);
    bench.set(() => {
      bench.pilot.plugged = true;
    });
    bench.charger.setShutdown('error');
    expect(bench.charger.state).toBe('Finished');
    bench.charger.setShutdown('none');
    expect(bench.charger.state).toBe('Finished');
    bench.pilot.plugged = false;
    bench.charger.noteUnplugged();
    expect(bench.charger.state).toBe('Idle');
  });

  test('while the car pauses is told as a pause of the EVSE', () => {
    const bench = new Bench();
    bench.reach('Charging');
    bench.set(() => {
      bench.pilot.carWantsPower = false;
      bench.pilot.relayOpen = true;
    });
    expect(bench.charger.state).toBe('ChargingPausedEV');
    bench.charger.setShutdown('error');
    expect(bench.charger.state).toBe('ChargingPausedEVSE');
    expect(bench.did.at(-1)).toBe('paused: Error');
  });
});

describe('a pause', () => {
  test('asked for before the car draws takes the offer back', () => {
    const bench = new Bench();
    bench.reach('PrepareCharging');
    bench.charger.requestPause(true);
    expect(bench.states).toEqual(['StoppingCharging', 'ChargingPausedEVSE']);
    expect(bench.did).toEqual(['offer ends', 'offer ends', 'paused: UserPause']);
  });

  test('tells each change of its reasons once', () => {
    const bench = new Bench();
    bench.reach('PrepareCharging');
    bench.charger.requestPause(true);
    bench.set(() => {
      bench.limit.hasPower = false;
    });
    expect(bench.did).toEqual(['paused: NoEnergy,UserPause']);
    bench.set(() => {});
    expect(bench.did).toEqual([]);
    bench.did.length = 0;
    bench.charger.requestPause(false);
    expect(bench.did).toEqual(['paused: NoEnergy']);
    expect(
      bench.set(() => {
        bench.limit.hasPower = true;
      }),
    ).toEqual(['PrepareCharging']);
  });

  test('is forgotten with the session', () => {
    const bench = new Bench();
    bench.reach('PrepareCharging');
    bench.charger.requestPause(true);
    bench.pilot.plugged = false;
    bench.charger.noteUnplugged();
    bench.set(() => {
      bench.session.transaction = 'ended';
    });
    expect(bench.charger.state).toBe('Idle');
    expect(bench.charger.pauseRequested).toBe(false);
  });
});

describe('F for the modem', () => {
  test('is taken back where it is cut short, so that the car is seen', () => {
    const bench = new Bench();
    bench.charger.start(false);
    bench.set(() => {
      bench.pilot.plugged = true;
    });
    bench.did.length = 0;
    bench.charger.requestErrorSequence();
    bench.charger.setShutdown('error');
    expect(bench.charger.state).toBe('Finished');
    expect(bench.did).toEqual(['F', 'steady', 'power off', 'power off']);
  });

  test('is not shown to a car that charges, nor to the next one', () => {
    const bench = new Bench();
    bench.reach('Charging');
    bench.charger.requestErrorSequence();
    expect(bench.charger.state).toBe('Charging');
    bench.charger.requestPause(true);
    bench.set(() => {
      bench.pilot.relayOpen = true;
    });
    bench.charger.requestPause(false);
    expect(bench.gone).not.toContain('T_step_EF');
  });
});

describe('stopping', () => {
  test('waits for the relay, and opens it after 20 s', async () => {
    const bench = new Bench();
    bench.reach('Charging');
    bench.set(() => {
      bench.session.authorized = false;
    });
    expect(bench.did).toEqual(['offer ends']);
    await bench.clock.advance(19_999);
    expect(bench.charger.state).toBe('StoppingCharging');
    await bench.clock.advance(1);
    expect(bench.did).toContain('power off');
    expect(bench.charger.state).toBe('Finished');
  });
});

describe('a relay that the board opened by itself', () => {
  test('is closed again five seconds later, with the offer shown anew', async () => {
    const bench = new Bench();
    bench.reach('Charging');
    bench.set(() => {
      bench.pilot.relayOpen = true;
    });
    await bench.clock.advance(4_999);
    expect(bench.did).toEqual([]);
    await bench.clock.advance(1);
    expect(bench.did).toEqual(['offer ends', 'offer 16', 'grant']);
    expect(bench.charger.state).toBe('Charging');
  });
});

describe('waking the car', () => {
  test('is cut short when the car is gone', async () => {
    const bench = new Bench();
    bench.reach('PrepareCharging');
    await bench.clock.advance(30_000);
    expect(bench.charger.state).toBe('T_step_EF');
    bench.states.length = 0;
    bench.pilot.plugged = false;
    bench.charger.noteUnplugged();
    expect(bench.states).toEqual(['PrepareCharging', 'StoppingCharging', 'Finished']);
  });

  test('begins to be due only with power', async () => {
    const bench = new Bench();
    bench.reach('PrepareCharging');
    await bench.clock.advance(29_000);
    bench.set(() => {
      bench.limit.hasPower = false;
    });
    expect(bench.did).toEqual(['offer ends']);
    await bench.clock.advance(60_000);
    bench.set(() => {
      bench.limit.hasPower = true;
    });
    await bench.clock.advance(29_999);
    expect(bench.charger.state).toBe('PrepareCharging');
    await bench.clock.advance(1);
    expect(bench.charger.state).toBe('T_step_EF');
  });

  test('is possible again once the car has charged', async () => {
    const bench = new Bench();
    bench.reach('PrepareCharging');
    await bench.clock.advance(34_750);
    expect(bench.charger.state).toBe('PrepareCharging');
    bench.set(() => {
      bench.pilot.carWantsPower = true;
    });
    expect(bench.charger.state).toBe('Charging');
    bench.charger.requestPause(true);
    bench.set(() => {
      bench.pilot.carWantsPower = false;
      bench.pilot.relayOpen = true;
    });
    bench.charger.requestPause(false);
    expect(bench.charger.state).toBe('PrepareCharging');
    await bench.clock.advance(30_000);
    expect(bench.charger.state).toBe('T_step_EF');
  });
});

test('no timer is left in a state that waits for events alone', () => {
  const bench = new Bench();
  bench.charger.start(false);
  expect(bench.clock.nextDueMs()).toBeUndefined();
  bench.reach('Charging');
  expect(bench.clock.nextDueMs()).toBeUndefined();
});

test('each state has a number of its own', () => {
  const numbers = Object.values(stateNames).map(({ number }) => number);
  expect(new Set(numbers).size).toBe(numbers.length);
});
