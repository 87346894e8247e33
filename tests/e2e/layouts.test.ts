import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { mosquitto, until } from './mesh-process.ts';
import { atEnd, newMesh } from './meshes.ts';

jest.setTimeout(120_000);

const hasMosquitto = spawnSync('mosquitto', ['-h'], { stdio: 'ignore' }).error === undefined;

async function outsideBroker(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'chargemesh-e2e-broker-'));
  const broker = await mosquitto(folder);
  atEnd(() => {
    broker?.stop();
    rmSync(folder, { recursive: true });
  });
  return ['--broker', `127.0.0.1:${broker?.port}`];
}

const layouts: [string, () => Promise<string[]>][] = [
  ['in one process', async () => []],
  ['in a process a module', async () => ['--isolate']],
];
if (hasMosquitto)
  layouts.push(
    ['on Mosquitto', outsideBroker],
    ['on Mosquitto, a process a module', async () => ['--isolate', ...(await outsideBroker())]],
  );
else process.stderr.write('mosquitto is not installed: the mesh is not tried on an outside broker\n');

describe.each(layouts)('%s', (_name, words) => {
  test('two cars charge at once, one is unplugged, one is stopped by its card', async () => {
    const mesh = newMesh();
    await mesh.up(await words());
    await Promise.all([mesh.do('plug', '1'), mesh.do('plug', '2')]);
    await mesh.do('swipe', '1', 'DEADBEEF');
    await mesh.do('swipe', '2', 'ABC12345');
    const charging = await until(
      'energy on both EVSEs',
      async () => {
        const ledger = await mesh.ledger();
        return ledger.filter(({ energyWh }) => energyWh > 0).length === 2 && ledger;
      },
      40_000,
    );
    expect(charging.map(({ connectorId, idTag }) => [connectorId, idTag])).toEqual([
      [1, 'DEADBEEF'],
      [2, 'ABC12345'],
    ]);
    await until('more energy', async () =>
      (await mesh.ledger()).every(({ energyWh }, at) => energyWh > (charging[at]?.energyWh ?? 0)),
    );
    await mesh.do('unplug', '1');
    await mesh.do('swipe', '2', 'ABC12345');
    const ended = await until('the end of both', async () => {
      const ledger = await mesh.ledger();
      return ledger.every(({ reason }) => reason !== null) && ledger;
    });
    expect(ended.map(({ reason }) => reason)).toEqual(['EVDisconnected', 'Local']);
    expect(ended.every(({ meterStopWh, energyWh }) => meterStopWh !== null && energyWh > 0)).toBe(true);
    // The same as a person reads it.
    expect(await mesh.do('csms', 'ledger')).toMatch(/EVDisconnected.*Local/s);
    expect(await mesh.violations()).toEqual([]);
    const { code, tookMs } = await mesh.stop();
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(2_500);
  });
});
