import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestMesh } from '@chargemesh/testkit';
import { expect, test } from '@jest/globals';
import { EnergyNodeModule } from '../src/module.ts';

const limits = {
  schedule_import: [
    {
      timestamp: '2026-01-01T00:00:00.000Z',
      limits_to_root: {},
      limits_to_leaves: { ac_max_current_A: { value: 10, source: 'ocpp' } },
    },
  ],
  schedule_export: [],
  schedule_setpoints: [],
};

async function start(stateDir: string, run: string): Promise<TestMesh> {
  const mesh = new TestMesh({ stateDir });
  const connections = { energy_consumer: [['evse', 'energy_grid'] as const] };
  mesh.add(EnergyNodeModule, { id: 'sink', config: { fuse_limit_A: 32 }, connections, runOptions: { run } });
  mesh.probe('evse', { energy_grid: 'energy' });
  await mesh.start();
  return mesh;
}

function lastLimitA(mesh: TestMesh): number | undefined {
  const request = mesh.values('sink', 'energy_grid', 'energy_flow_request').at(-1);
  return request?.schedule_import[0]?.limits_to_leaves.ac_max_current_A?.value;
}

test('a node that is started anew keeps the limit from outside; another run of the mesh begins with the fuse', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'energy-node-'));
  try {
    const mesh = await start(stateDir, 'a');
    await mesh.call('sink', 'external_limits', 'set_external_limits', { value: limits });
    await mesh.kill('sink');
    await mesh.startModule('sink');
    await mesh.sayReady();
    expect(mesh.values('sink', 'energy_grid', 'energy_flow_request')).toHaveLength(3);
    expect(lastLimitA(mesh)).toBe(10);
    await mesh.kill('sink');
    expect(lastLimitA(await start(stateDir, 'b'))).toBe(32);
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
});
