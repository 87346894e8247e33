import type { types } from '@chargemesh/contracts';
import { type Probe, TestMesh } from '@chargemesh/testkit';
import { expect, test } from '@jest/globals';
import { EnergyManagerModule } from '../src/module.ts';
import { evse, fuse, HOUR, leavesLimit } from './energy-request.ts';

async function start(): Promise<{ mesh: TestMesh; trunk: Probe; sent: () => string[] }> {
  const mesh = new TestMesh();
  mesh.add(EnergyManagerModule, { id: 'energy_manager', connections: { energy_trunk: [['grid', 'energy_grid']] } });
  const trunk = mesh.probe('grid', { energy_grid: 'energy' });
  await mesh.start();
  const sent = (): string[] =>
    trunk.calls('energy_grid', 'enforce_limits').map(({ args, atMs }) => {
      const { uuid, limits_root_side: limits } = args.value as types.energy.EnforcedLimits;
      return `${uuid}=${limits.ac_max_current_A?.value}@${atMs}`;
    });
  return { mesh, trunk, sent };
}

test('each EVSE of the tree gets its share through the trunk', async () => {
  const { mesh, trunk } = await start();
  trunk.publish('energy_grid', 'energy_flow_request', fuse('grid', 40, [evse('a'), evse('b')]));
  await mesh.settle();
  const limits = {
    ac_max_current_A: { value: 20, source: 'grid' },
    ac_max_phase_count: { value: 3, source: 'grid,a/caps' },
  };
  expect(trunk.calls('energy_grid', 'enforce_limits')[0]?.args).toEqual({
    value: {
      uuid: 'a',
      valid_for: 10,
      limits_root_side: limits,
      schedule: [{ timestamp: HOUR, limits_to_root: limits }],
    },
  });
});

test('limits are refreshed each second while the tree reports, then while an EVSE with a car needs them', async () => {
  const { mesh, trunk, sent } = await start();
  const tree = (state: types.energy.EvseState) =>
    fuse('grid', 40, [evse('a', { evse_state: state }), evse('b', { evse_state: 'Unplugged' })]);
  for (let second = 0; second < 3; second++) {
    trunk.publish('energy_grid', 'energy_flow_request', tree('Charging'));
    await mesh.clock.advance(1000);
  }
  expect(sent()).toEqual(['a=20@0', 'b=20@0', 'a=20@1000', 'b=20@1000', 'a=20@2000', 'b=20@2000']);
  await mesh.clock.advance(7_000);
  expect(sent().slice(6)).toEqual(['a=20@6000', 'a=20@10000']);
  trunk.publish('energy_grid', 'energy_flow_request', tree('Unplugged'));
  await mesh.clock.advance(3_600_000);
  expect(sent().slice(8)).toEqual(['a=20@11000', 'b=20@11000']);
  expect(mesh.clock.nextDueMs()).toBeUndefined();
});

test('a limit that asks for priority is handed out at once, the falls before the rises', async () => {
  const { mesh, trunk, sent } = await start();
  const plugged = (state: types.energy.EvseState, limitA: number) =>
    fuse('grid', 40, [evse('a', { evse_state: state, leavesA: limitA }), evse('b')], {
      priority_request: true,
      schedule_import: [leavesLimit(HOUR, { limitA: 32 })],
    });
  trunk.publish('energy_grid', 'energy_flow_request', plugged('Unplugged', 0));
  await mesh.clock.advance(300);
  trunk.publish('energy_grid', 'energy_flow_request', plugged('Charging', 32));
  await mesh.settle();
  expect(sent()).toEqual(['b=32@0', 'a=0@0', 'b=16@300', 'a=16@300']);
});

test('where the fall does not arrive nobody rises', async () => {
  const { mesh, trunk, sent } = await start();
  trunk.publish('energy_grid', 'energy_flow_request', fuse('grid', 40, [evse('a', { leavesA: 8 }), evse('b')]));
  await mesh.settle();
  trunk.answer('energy_grid', 'enforce_limits', ({ value }: { value: types.energy.EnforcedLimits }) => {
    if (value.uuid === 'b') throw new Error('module b is gone');
    return null;
  });
  await mesh.clock.advance(1000);
  trunk.publish('energy_grid', 'energy_flow_request', fuse('grid', 40, [evse('a'), evse('b')]));
  await mesh.settle();
  expect(sent().slice(2)).toEqual(['b=20@1000', 'a=8@1000']);
});
