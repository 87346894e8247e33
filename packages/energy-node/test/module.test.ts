import { formatTimestamp } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { type Probe, TestMesh } from '@chargemesh/testkit';
import { describe, expect, test } from '@jest/globals';
import { EnergyNodeModule } from '../src/module.ts';

const leaf = (uuid: string, more: Partial<types.energy.EnergyFlowRequest> = {}): types.energy.EnergyFlowRequest => ({
  uuid,
  node_type: 'Evse',
  priority_request: false,
  children: [],
  schedule_import: [],
  schedule_export: [],
  schedule_setpoints: [],
  ...more,
});

const limits = (limitA: number, timestamp: string): types.energy.ExternalLimits => ({
  schedule_import: [
    {
      timestamp,
      limits_to_root: {},
      limits_to_leaves: { ac_max_current_A: { value: limitA, source: 'ocpp/OCPP_set_external_limits' } },
    },
  ],
  schedule_export: [],
  schedule_setpoints: [],
});

interface Setting {
  mesh: TestMesh;
  evses: Probe[];
  meter: Probe;
  requests: () => types.energy.EnergyFlowRequest[];
  now: (plusMs?: number) => string;
}

async function start(): Promise<Setting> {
  const mesh = new TestMesh();
  mesh.add(EnergyNodeModule, {
    id: 'grid',
    config: { fuse_limit_A: 63 },
    connections: {
      energy_consumer: [
        ['evse_1', 'energy_grid'],
        ['evse_2', 'energy_grid'],
      ],
      powermeter: [['meter', 'powermeter']],
    },
  });
  const evses = ['evse_1', 'evse_2'].map((id) => mesh.probe(id, { energy_grid: 'energy' }));
  const meter = mesh.probe('meter', { powermeter: 'powermeter' });
  await mesh.start();
  return {
    mesh,
    evses,
    meter,
    requests: () => mesh.values('grid', 'energy_grid', 'energy_flow_request'),
    now: (plusMs = 0) => formatTimestamp(mesh.clock.wallMs() + plusMs),
  };
}

describe('going up', () => {
  test('when ready it says what it is and what it can do', async () => {
    const { mesh, requests } = await start();
    const fuse = { value: 63, source: 'grid/module_config' };
    const side = { ac_max_current_A: fuse, ac_max_phase_count: { ...fuse, value: 3 } };
    const entry = { timestamp: '2026-01-01T00:00:00.000Z', limits_to_root: side, limits_to_leaves: side };
    expect(requests()).toEqual([
      {
        uuid: 'grid',
        node_type: 'Generic',
        children: [],
        schedule_import: [entry],
        schedule_export: [entry],
        schedule_setpoints: [],
      },
    ]);
    expect(mesh.values('grid', 'external_limits', 'capabilities')).toEqual([
      { max_current_A: 63, max_phase_count: 3, nominal_voltage_V: 230, total_power_W: 43_470 },
    ]);
  });

  test('each message of a child is passed on, children in the order of the connections', async () => {
    const { mesh, evses, requests } = await start();
    evses[1]?.publish('energy_grid', 'energy_flow_request', leaf('evse_2'));
    evses[0]?.publish('energy_grid', 'energy_flow_request', leaf('evse_1'));
    await mesh.settle();
    expect(requests()).toHaveLength(3);
    expect(
      requests()
        .at(-1)
        ?.children.map(({ uuid }) => uuid),
    ).toEqual(['evse_1', 'evse_2']);
  });

  test('a wish for priority is passed on once', async () => {
    const { mesh, evses, requests } = await start();
    evses[0]?.publish('energy_grid', 'energy_flow_request', leaf('evse_1', { priority_request: true }));
    await mesh.settle();
    expect(requests().at(-1)?.children[0]?.priority_request).toBe(true);
    evses[1]?.publish('energy_grid', 'energy_flow_request', leaf('evse_2'));
    await mesh.settle();
    expect(requests().at(-1)?.children[0]?.priority_request).toBe(false);
  });

  test('a child that left holds its share until its limits have run out', async () => {
    const { mesh, evses, requests } = await start();
    const say = (state: string): void => mesh.external.publish(mesh.topics.status('evse_1'), JSON.stringify({ state }));
    say('ready');
    evses[0]?.publish('energy_grid', 'energy_flow_request', leaf('evse_1'));
    await mesh.settle();
    say('gone');
    await mesh.clock.advance(9_999);
    expect(requests().at(-1)?.children).toHaveLength(1);
    await mesh.clock.advance(1);
    expect(requests().at(-1)?.children).toEqual([]);
  });

  const reading = { timestamp: '2026-01-01T00:00:00.000Z', energy_Wh_import: { total: 7 } };

  test('the meter goes with it, and is no reason of its own', async () => {
    const { mesh, meter, evses, requests } = await start();
    const before = requests().length;
    meter.publish('powermeter', 'powermeter', reading);
    await mesh.settle();
    expect(requests()).toHaveLength(before);
    evses[0]?.publish('energy_grid', 'energy_flow_request', leaf('evse_1'));
    await mesh.settle();
    expect(requests().at(-1)?.energy_usage_root).toEqual(reading);
  });

  test('the meter goes at once where the frequency of the grid is a setpoint', async () => {
    const { mesh, meter, requests, now } = await start();
    const setpoint = { priority: 0, source: 'dso', frequency_table: [{ frequency_Hz: 50, total_power_W: 1000 }] };
    const value = { ...limits(10, now()), schedule_setpoints: [{ timestamp: now(), setpoint }] };
    await mesh.call('grid', 'external_limits', 'set_external_limits', { value });
    meter.publish('powermeter', 'powermeter', reading);
    await mesh.settle();
    expect(requests().at(-1)?.energy_usage_root).toEqual(reading);
  });

  test('nothing is said while nothing changes', async () => {
    const { mesh, evses, requests } = await start();
    evses[0]?.publish('energy_grid', 'energy_flow_request', leaf('evse_1', { evse_state: 'Charging' }));
    await mesh.settle();
    const before = requests().length;
    await mesh.clock.advance(3_600_000);
    expect(requests()).toHaveLength(before);
    expect(mesh.clock.nextDueMs()).toBeUndefined();
  });

  test('below a node of EVerest it is repeated: each second of a session, each minute of rest', async () => {
    const { mesh, evses, requests } = await start();
    const counted = async (forMs: number) => {
      const before = requests().length;
      await mesh.clock.advance(forMs);
      return requests().length - before;
    };
    const value = { uuid: 'evse_1', valid_for: 10, limits_root_side: {}, schedule: [] };
    await mesh.call('grid', 'energy_grid', 'enforce_limits', { value });
    expect(await counted(600_000)).toBe(10);
    evses[0]?.publish('energy_grid', 'energy_flow_request', leaf('evse_1', { evse_state: 'Charging' }));
    await mesh.settle();
    expect(await counted(10_000)).toBe(10);
    mesh.external.publish(mesh.topics.status('tester'), JSON.stringify({ state: 'ready' }));
    await mesh.call('grid', 'energy_grid', 'enforce_limits', { value });
    expect(await counted(600_000)).toBe(0);
  });
});

describe('limits from outside', () => {
  test('a changed one is passed on at once and asks to be traded at once', async () => {
    const { mesh, requests, now } = await start();
    await mesh.call('grid', 'external_limits', 'set_external_limits', { value: limits(10, now()) });
    const last = requests().at(-1);
    expect(last?.priority_request).toBe(true);
    expect(last?.schedule_import[0]?.limits_to_leaves.ac_max_current_A?.value).toBe(10);
    expect(last?.schedule_import[0]?.limits_to_root.ac_max_current_A).toEqual({
      value: 63,
      source: 'grid/module_config',
    });
  });

  test('the same limit again waits for the next message', async () => {
    const { mesh, requests, now } = await start();
    await mesh.call('grid', 'external_limits', 'set_external_limits', { value: limits(10, now()) });
    await mesh.clock.advance(10_000);
    const before = requests().length;
    await mesh.call('grid', 'external_limits', 'set_external_limits', { value: limits(10, now()) });
    expect(requests()).toHaveLength(before);
  });

  test('an empty schedule restores the fuse', async () => {
    const { mesh, requests, now } = await start();
    await mesh.call('grid', 'external_limits', 'set_external_limits', { value: limits(10, now()) });
    const none = { schedule_import: [], schedule_export: [], schedule_setpoints: [] };
    await mesh.call('grid', 'external_limits', 'set_external_limits', { value: none });
    expect(requests().at(-1)?.priority_request).toBe(true);
    expect(requests().at(-1)?.schedule_import[0]?.limits_to_leaves.ac_max_current_A?.value).toBe(63);
  });

  test('one that begins later asks to be heard when it begins, and what it replaces is dropped', async () => {
    const { mesh, requests, now } = await start();
    const value = limits(20, now());
    value.schedule_import = [...value.schedule_import, ...limits(8, now(60_000)).schedule_import];
    await mesh.call('grid', 'external_limits', 'set_external_limits', { value });
    expect(requests().at(-1)?.schedule_import).toHaveLength(2);
    const before = requests().length;
    await mesh.clock.advance(59_999);
    expect(requests()).toHaveLength(before);
    await mesh.clock.advance(1);
    expect(requests()).toHaveLength(before + 1);
    const last = requests().at(-1);
    expect(last?.priority_request).toBe(true);
    expect(last?.schedule_import.map((entry) => entry.limits_to_leaves.ac_max_current_A?.value)).toEqual([8]);
    expect(mesh.clock.nextDueMs()).toBeUndefined();
  });

  test('when the clock is set forward over its beginning it holds at once', async () => {
    const { mesh, requests, now } = await start();
    const value = limits(20, now());
    value.schedule_import = [...value.schedule_import, ...limits(8, now(3_600_000)).schedule_import];
    await mesh.call('grid', 'external_limits', 'set_external_limits', { value });
    mesh.clock.setWall(mesh.clock.wallMs() + 4_000_000);
    await mesh.settle();
    const last = requests().at(-1);
    expect(last?.schedule_import.map((entry) => entry.limits_to_leaves.ac_max_current_A?.value)).toEqual([8]);
  });
});

describe('going down', () => {
  const enforced = (uuid: string): types.energy.EnforcedLimits => ({
    uuid,
    valid_for: 10,
    limits_root_side: { ac_max_current_A: { value: 16, source: 'grid' } },
    schedule: [],
  });

  test('limits go to the child that they are for, and the answer waits for its answer', async () => {
    const { mesh, evses } = await start();
    for (const [index, evse] of evses.entries())
      evse.publish('energy_grid', 'energy_flow_request', leaf(`evse_${index + 1}`));
    await mesh.settle();
    await mesh.call('grid', 'energy_grid', 'enforce_limits', { value: enforced('evse_2') });
    expect(evses[0]?.calls('energy_grid')).toEqual([]);
    expect(evses[1]?.calls('energy_grid', 'enforce_limits').map(({ args }) => args)).toEqual([
      { value: enforced('evse_2') },
    ]);
  });

  test('limits for a node further down go to the child above it', async () => {
    const { mesh, evses } = await start();
    const request = leaf('sink', { node_type: 'Generic', children: [leaf('deep')] });
    evses[0]?.publish('energy_grid', 'energy_flow_request', request);
    await mesh.settle();
    await mesh.call('grid', 'energy_grid', 'enforce_limits', { value: enforced('deep') });
    expect(evses[0]?.calls('energy_grid')).toHaveLength(1);
    expect(evses[1]?.calls('energy_grid')).toHaveLength(0);
  });

  test('limits for a node that nobody knows go to all, its own to none', async () => {
    const { mesh, evses } = await start();
    await mesh.call('grid', 'energy_grid', 'enforce_limits', { value: enforced('stranger') });
    await mesh.call('grid', 'energy_grid', 'enforce_limits', { value: enforced('grid') });
    expect(evses.map((evse) => evse.calls('energy_grid').length)).toEqual([1, 1]);
  });

  test('whoever sent a limit that did not arrive is told so', async () => {
    const { mesh, evses } = await start();
    evses[0]?.answer('energy_grid', 'enforce_limits', () => {
      throw new Error('busy');
    });
    evses[0]?.publish('energy_grid', 'energy_flow_request', leaf('evse_1'));
    await mesh.settle();
    await expect(mesh.call('grid', 'energy_grid', 'enforce_limits', { value: enforced('evse_1') })).rejects.toThrow(
      'busy',
    );
  });
});
