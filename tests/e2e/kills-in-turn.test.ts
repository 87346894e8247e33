import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '@chargemesh/base';
import { expect, jest, test } from '@jest/globals';
import { connectAsync } from 'mqtt';
import { type LedgerEntry, type MeshProcess, type Mosquitto, mosquitto, until } from './mesh-process.ts';
import { atEnd, newMesh } from './meshes.ts';

jest.setTimeout(300_000);

const clock = new RealClock();
const SAMPLES_EVERY_S = 5;
/** From one death to the next: with six of them the session takes two minutes. */
const BETWEEN_MS = 17_000;

const hasMosquitto = spawnSync('mosquitto', ['-h'], { stdio: 'ignore' }).error === undefined;
if (!hasMosquitto) process.stderr.write('mosquitto is not installed: modules and broker are not killed in turn\n');

/** What `status --json` tells of the mesh, as far as it is looked at here. */
interface Status {
  readonly modules: readonly { id: string; pid: number; state: string; restarts: number }[];
  readonly evses: readonly { status: string; session?: { id: string; transaction: boolean } }[];
}

function moduleOf({ modules }: Status, id: string): Status['modules'][number] {
  const found = modules.find((each) => each.id === id);
  if (!found) throw new Error(`there is no ${id}`);
  return found;
}

async function transactionOf(mesh: MeshProcess): Promise<LedgerEntry> {
  const [transaction, ...others] = await mesh.ledger();
  expect(others).toEqual([]);
  if (!transaction) throw new Error('the CSMS knows of no transaction');
  return transaction;
}

/** Waits until the CSMS has read more from the meter, and the person at the terminal sees the session go on. */
async function goesOn(mesh: MeshProcess, session: string): Promise<void> {
  const { energyWh } = await transactionOf(mesh);
  await until('more energy', async () => (await transactionOf(mesh)).energyWh > energyWh);
  const { evses } = await mesh.json<Status>('status');
  expect(evses[0]).toMatchObject({ status: 'Charging', session: { id: session, transaction: true } });
}

/** Kills a module, and waits until `status` shows that it was started again. */
async function killModule(mesh: MeshProcess, id: string): Promise<void> {
  const { pid, restarts } = moduleOf(await mesh.json<Status>('status'), id);
  process.kill(pid, 'SIGKILL');
  const back = await until(`${id} in status`, async () => {
    const found = moduleOf(await mesh.json<Status>('status'), id);
    return found.restarts > restarts && found.state === 'ready' && found;
  });
  expect(back).toMatchObject({ restarts: restarts + 1 });
  expect(back.pid).not.toBe(pid);
  expect(await mesh.do('status')).toMatch(new RegExp(`^${id} .* ready +${back.pid} +${back.restarts}$`, 'm'));
}

/** The requests of the station among the frames that the CSMS saw. */
async function requests(mesh: MeshProcess, action: string): Promise<Record<string, unknown>[]> {
  const lines = (await mesh.do('csms', 'frames', '--last', '1000', '--json')).trim().split('\n');
  return lines
    .map((line) => JSON.parse(line) as { dir: string; frame: unknown })
    .flatMap(({ dir, frame }) => (dir === 'rx' && Array.isArray(frame) && frame[0] === 2 ? [frame] : []))
    .filter(([, , name]) => name === action)
    .map(([, , , payload]) => payload);
}

(hasMosquitto ? test : test.skip)(
  'modules and broker are killed one after another in one session: the relay stays closed, and the CSMS sees one transaction',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'chargemesh-e2e-broker-'));
    let broker: Mosquitto | undefined = await mosquitto(folder);
    const port = broker?.port ?? -1;
    atEnd(() => {
      broker?.stop();
      rmSync(folder, { recursive: true });
    });
    const mesh = newMesh();
    await mesh.up(['--isolate', '--broker', `127.0.0.1:${port}`]);
    const bus = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 50 });
    bus.on('error', () => {});
    atEnd(() => void bus.end(true));
    const board: string[] = [];
    bus.on('message', (_topic, payload) => board.push(JSON.parse(String(payload)).data.data.event));
    await bus.subscribeAsync('everest/modules/yeti_driver_1/impl/board_support/var/event', { qos: 2 });

    const interval = JSON.stringify({ key: 'MeterValueSampleInterval', value: String(SAMPLES_EVERY_S) });
    await mesh.do('csms', 'call', 'cp001', 'ChangeConfiguration', interval);
    await mesh.do('plug', '1');
    await mesh.do('swipe', '1', 'DEADBEEF');
    await until('energy', async () => ((await mesh.ledger())[0]?.energyWh ?? 0) > 0, 40_000);
    expect(board).toContain('PowerOn');
    const session = (await mesh.json<Status>('status')).evses[0]?.session?.id ?? '';
    const startedMs = clock.monotonicMs();
    const statusBefore = (await requests(mesh, 'StatusNotification')).length;

    for (const id of ['auth', 'energy_manager', 'system', 'ocpp', 'evse_manager_1']) {
      const nextMs = clock.monotonicMs() + BETWEEN_MS;
      await killModule(mesh, id);
      await goesOn(mesh, session);
      await clock.sleep(nextMs - clock.monotonicMs());
    }
    broker?.stop('SIGKILL');
    await clock.sleep(1_000);
    broker = await mosquitto(folder, port);
    await until(
      'the whole mesh on the new broker',
      async () => {
        const { modules } = await mesh.json<Status>('status');
        return modules.every(({ state }) => state === 'ready');
      },
      40_000,
    );
    await goesOn(mesh, session);
    await clock.sleep(startedMs + 6 * BETWEEN_MS - clock.monotonicMs());
    await goesOn(mesh, session);

    expect(board).not.toContain('PowerOff');
    const told = (await requests(mesh, 'StatusNotification')).slice(statusBefore);
    expect(told.filter(({ connectorId, status }) => connectorId === 1 && status !== 'Charging')).toEqual([]);

    await mesh.do('swipe', '1', 'DEADBEEF');
    const ended = await until('the end of the transaction', async () => {
      const transaction = await transactionOf(mesh);
      return transaction.reason !== null && transaction;
    });
    expect(ended).toMatchObject({ id: 1, reason: 'Local' });
    // 11 kW, for as long as it was: none of the deaths is a hole in it.
    const flowedWh = (11_040 * (clock.monotonicMs() - startedMs)) / 3_600_000;
    expect(ended.energyWh).toBeGreaterThan(0.85 * flowedWh);
    expect(await requests(mesh, 'StartTransaction')).toHaveLength(1);
    expect(await requests(mesh, 'StopTransaction')).toHaveLength(1);
    expect(await mesh.violations()).toEqual([]);
  },
);
