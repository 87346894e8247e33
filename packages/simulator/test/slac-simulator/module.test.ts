import { TestMesh } from '@chargemesh/testkit';
import { afterEach, expect, test } from '@jest/globals';
import { SlacSimulatorModule } from '../../src/index.ts';

let mesh: TestMesh;
afterEach(() => mesh.stop());

test('car and EVSE are matched, and parted by the EVSE', async () => {
  mesh = new TestMesh();
  mesh.add(SlacSimulatorModule, { id: 'slac' });
  await mesh.start();
  await mesh.call('slac', 'evse', 'enter_bcd');
  expect(await mesh.call('slac', 'ev', 'trigger_matching')).toBe(true);
  await mesh.clock.advance(2000);
  expect(mesh.values('slac', 'ev', 'state')).toEqual(['MATCHING', 'MATCHED']);
  expect(mesh.values('slac', 'evse', 'dlink_ready')).toEqual([true]);
  await mesh.call('slac', 'evse', 'leave_bcd');
  expect(mesh.values('slac', 'evse', 'state').at(-1)).toBe('UNMATCHED');
  expect(mesh.values('slac', 'evse', 'dlink_ready')).toEqual([true, false]);
});

test.each(['leave_bcd', 'reset', 'dlink_terminate', 'dlink_error', 'dlink_pause'])(
  '%s: the EVSE gives up its link, but for a pause',
  async (command) => {
    mesh = new TestMesh();
    mesh.add(SlacSimulatorModule, { id: 'slac' });
    await mesh.start();
    await mesh.call('slac', 'evse', 'enter_bcd');
    await mesh.call('slac', 'ev', 'trigger_matching');
    await mesh.clock.advance(2000);
    await mesh.call('slac', 'evse', command, command === 'reset' ? { enable: true } : {});
    const paused = command === 'dlink_pause';
    expect(mesh.values('slac', 'evse', 'state').at(-1)).toBe(paused ? 'MATCHED' : 'UNMATCHED');
    expect(mesh.values('slac', 'evse', 'dlink_ready')).toEqual(paused ? [true] : [true, false]);
    expect(mesh.values('slac', 'ev', 'state').at(-1)).toBe('MATCHED');
    await mesh.call('slac', 'ev', 'reset');
    expect(mesh.values('slac', 'ev', 'state').at(-1)).toBe('UNMATCHED');
  },
);
