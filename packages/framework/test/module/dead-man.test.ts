import { VirtualClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { DeadMan, type Heartbeat } from '../../src/index.ts';

function makeDeadMan(patienceMs?: number) {
  const clock = new VirtualClock();
  const watched = new Map<string, (sign: 'alive' | 'gone') => void>();
  const heartbeat: Heartbeat = {
    beat: () => {},
    watch: (moduleId, listener) => {
      watched.set(moduleId, listener);
      return () => watched.delete(moduleId);
    },
  };
  const silent: string[] = [];
  const deadMan = new DeadMan({ clock, heartbeat, patienceMs }, (moduleId) => silent.push(moduleId));
  const say = (moduleId: string, sign: 'alive' | 'gone' = 'alive') => watched.get(moduleId)?.(sign);
  return { clock, deadMan, say, silent };
}

test('lets go 5 s after the last sign of life, once', async () => {
  const { clock, deadMan, say, silent } = makeDeadMan();
  for (let beat = 0; beat < 10; beat++) {
    deadMan.controlledBy('evse');
    say('evse');
    await clock.advance(1000);
  }
  await clock.advance(3999);
  expect(silent).toEqual([]);
  await clock.advance(1);
  expect(silent).toEqual(['evse']);
  await clock.advance(60_000);
  expect(silent).toEqual(['evse']);
});

test('waits as long as it was told', async () => {
  const { clock, deadMan, say, silent } = makeDeadMan(9000);
  deadMan.controlledBy('evse');
  say('evse');
  await clock.advance(8999);
  expect(silent).toEqual([]);
  await clock.advance(1);
  expect(silent).toEqual(['evse']);
});

test('a leaving counts from the last sign of life, or from itself where there was none', async () => {
  const { clock, deadMan, say, silent } = makeDeadMan();
  deadMan.controlledBy('evse');
  say('evse');
  await clock.advance(4000);
  say('evse', 'gone');
  await clock.advance(1000);
  expect(silent).toEqual(['evse']);
  say('evse', 'gone');
  await clock.advance(5000);
  expect(silent).toEqual(['evse', 'evse']);
});

test('holds nobody to it who never gave a sign', async () => {
  const { clock, deadMan, silent } = makeDeadMan();
  deadMan.controlledBy('evse');
  await clock.advance(60_000);
  expect(silent).toEqual([]);
});

test('the life of whoever gave the last command is what matters', async () => {
  const { clock, deadMan, say, silent } = makeDeadMan();
  deadMan.controlledBy('evse');
  say('evse');
  deadMan.controlledBy('other');
  await clock.advance(60_000);
  expect(silent).toEqual([]);
  say('other');
  deadMan.stop();
  await clock.advance(60_000);
  expect(silent).toEqual([]);
});
