import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { RealClock, silentLogger, systemRandom } from '@chargemesh/base';
import { Csms } from '@chargemesh/csms';
import { EmbeddedBroker } from '@chargemesh/framework';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { ManagerProcess } from './manager-process.ts';

jest.setTimeout(120_000);

const root = resolve(import.meta.dirname, '../..');
const golden = resolve(root, '../shared/reference/golden');
const clock = new RealClock();
const managers: ManagerProcess[] = [];
let folder: string;
let broker: EmbeddedBroker;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chargemesh-manager-'));
  broker = await EmbeddedBroker.start();
});

afterEach(async () => {
  await Promise.all(managers.splice(0).map((manager) => manager.stop('SIGKILL')));
  await broker.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a manager in a folder of its own below this test's. */
function start(name: string, configuration: string, ...words: string[]): ManagerProcess {
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  const file = join(own, 'station.yaml');
  writeFileSync(file, configuration);
  const manager = ManagerProcess.start(own, ['--config', file, '--db', join(own, 'x.db'), ...words], broker.port);
  managers.push(manager);
  return manager;
}

const station = (prefix: string, ocpp: object): string => {
  const file = join(folder, `${prefix}.json`);
  writeFileSync(file, JSON.stringify(ocpp));
  return `settings: {mqtt_everest_prefix: ${prefix}, mqtt_external_prefix: x_${prefix}}
${readFileSync(join(root, 'config/config-sil-one-evse.yaml'), 'utf8').replace(/ChargePointConfigPath: .*/, `ChargePointConfigPath: ${file}`)}`;
};

function ocppConfiguration(csms: string): { Internal: Record<string, unknown>; Core: Record<string, unknown> } {
  const ocpp = JSON.parse(readFileSync(join(root, 'config/ocpp/config.json'), 'utf8'));
  ocpp.Internal.CentralSystemURI = csms;
  ocpp.Core.NumberOfConnectors = 1;
  return ocpp;
}

test('a few managers at once share a broker, each with its own prefix and files, and say nothing on standard output', async () => {
  const started = ['one', 'two', 'three'].map((name) =>
    start(name, station(name, ocppConfiguration('127.0.0.1:1/cp001'))),
  );
  await Promise.all(started.map((manager) => manager.heard('ALL_MODULES_STARTED')));
  expect(await Promise.all(started.map((manager) => manager.stop()))).toEqual([0, 0, 0]);
  expect(started.map(({ out }) => out)).toEqual(['', '', '']);
  for (const name of ['one', 'two', 'three']) expect(existsSync(join(folder, name, 'x.db.state/mesh.log'))).toBe(true);
});

test('a hard reset starts all modules anew under the same manager', async () => {
  const csms = new Csms({ clock, random: systemRandom, log: silentLogger });
  const { url } = await csms.start();
  try {
    const manager = start('hard', station('hard', ocppConfiguration(url)));
    await manager.heard('ALL_MODULES_STARTED');
    const booted = new Promise<void>((resolve) => csms.onFrame(({ text }) => text.includes('Available') && resolve()));
    await booted;
    expect(await csms.call('cp001', 'Reset', { type: 'Hard' })).toMatchObject({ payload: { status: 'Accepted' } });
    await manager.heard('ALL_MODULES_STARTED', 2);
    expect(manager.lines.filter((line) => line.startsWith('MANAGER_'))).toEqual([
      'MANAGER_INITIALIZING',
      'MANAGER_STARTING_MODULES',
      'MANAGER_RUNNING',
      'MANAGER_RESTART_REQUESTED',
      'MANAGER_STARTING_MODULES',
      'MANAGER_RUNNING',
    ]);
    expect(await manager.stop()).toBe(0);
  } finally {
    await csms.stop();
  }
});

test('with faults it names them and ends with 1, or waits idly where that is asked for', async () => {
  const faulty = 'active_modules: {auth: {module: Auht}}\n';
  const ending = start('ending', faulty);
  expect(await ending.ended()).toBe(1);
  expect(ending.err).toContain('did you mean "Auth"?');
  expect(ending.out).toBe('');
  expect(ending.lines.at(-1)).toBe('MANAGER_EXITING');
  const waiting = start('waiting', faulty, '--idle-on-failure');
  await waiting.heard('MANAGER_IDLE');
  expect(await waiting.stop('SIGTERM')).toBe(0);
  const idle = start('idle', station('idle', ocppConfiguration('127.0.0.1:1')), '--into-idle');
  await idle.heard('MANAGER_IDLE');
  expect(await idle.stop()).toBe(0);
  expect(idle.lines).not.toContain('MANAGER_STARTING_MODULES');
});

test('a second manager with the same state is refused, and does not disturb the first', async () => {
  const first = start('same', station('same', ocppConfiguration('127.0.0.1:1/cp001')));
  await first.heard('ALL_MODULES_STARTED');
  const file = join(folder, 'same/station.yaml');
  mkdirSync(join(folder, 'other'));
  const words = ['--config', file, '--db', join(folder, 'same/x.db')];
  const second = ManagerProcess.start(join(folder, 'other'), words, broker.port);
  expect(await second.ended()).toBe(1);
  expect(second.err).toContain(`pid ${first.pid}`);
  expect(await first.stop()).toBe(0);
});

const withReference = existsSync(join(golden, 'config.yaml')) ? test : test.skip;

withReference(
  'the configuration of the reference’s recordings starts as it is, from an installation folder',
  async () => {
    const prefix = join(folder, 'dist');
    const ocpp = join(prefix, 'share/everest/modules/OCPP');
    mkdirSync(ocpp, { recursive: true });
    writeFileSync(join(ocpp, 'libocpp-config-test.json'), readFileSync(join(golden, 'ocpp-config.json')));
    const text = readFileSync(join(golden, 'config.yaml'), 'utf8');
    const manager = start('golden', text, '--prefix', prefix);
    await manager.heard('ALL_MODULES_STARTED');
    expect(await manager.stop()).toBe(0);
    expect(manager.lines).toContain('ALL_MODULES_STOPPED_CLEAN');
    expect(existsSync(join(prefix, 'etc/everest/certs/ca'))).toBe(true);
  },
);
