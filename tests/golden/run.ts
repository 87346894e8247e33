/**
 * Drives our mesh as EVerest was driven for the recordings in ../shared/reference/golden, records it the same way, and compares.
 *
 *     node --conditions=development tests/golden/run.ts session unplugstop remote
 *
 * Needs Debian's mosquitto, and the reference beside the repository. What differs on purpose is named in docs/explanation/deviations.md, in
 * its blocks marked `bus-shape`; exit 1 where anything else differs.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { RealClock, silentLogger, systemRandom } from '@chargemesh/base';
import { Csms, type PassedFrame } from '@chargemesh/csms';
import type { MqttClient } from 'mqtt';
import { mosquitto } from '../e2e/mesh-process.ts';
import { compareFrames } from './compare-frames.ts';
import { record } from './recorder.ts';
import { type RecordedFrame, readLines, stimuliOf } from './scenario.ts';

const root = resolve(import.meta.dirname, '../..');
const shared = process.env.CHARGEMESH_SHARED ?? resolve(root, '../shared');
const golden = join(shared, 'reference/golden');
const clock = new RealClock();
/** Settles what the last stimulus brought about. */
const TAIL_MS = 1_500;

function frameOf({ atMs, dir, text }: PassedFrame): RecordedFrame {
  return { t: atMs / 1000, dir, frame: dir === 'event' ? text : JSON.parse(text) };
}

async function untilReady(recorder: MqttClient): Promise<void> {
  await new Promise<void>((done) => {
    recorder.on('message', (topic, payload) => topic === 'everest/ready' && payload.length > 0 && done());
  });
}

/** Runs one scenario. @returns the differences, one a line */
async function run(name: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), `chargemesh-golden-${name}-`));
  const busFile = join(folder, 'bus.jsonl');
  const broker = await mosquitto(folder);
  if (!broker) throw new Error('mosquitto is not installed');
  const recorder = await record(broker.port, busFile, clock);
  const csms = new Csms({ clock, random: systemRandom, log: silentLogger });
  const frames: RecordedFrame[] = [];
  csms.onFrame((frame) => frames.push(frameOf(frame)));
  const { url } = await csms.start();
  writeFileSync(join(folder, 'libocpp-config-test.json'), readFileSync(join(golden, 'ocpp-config.json')));
  writeFileSync(join(folder, 'config.yaml'), readFileSync(join(golden, 'config.yaml')));
  const words = ['up', join(folder, 'config.yaml'), '--broker', `127.0.0.1:${broker.port}`, '--csms', url];
  const node = [
    ...process.execArgv,
    join(root, 'packages/cli/src/main.ts'),
    ...words,
    '--state',
    join(folder, 'state'),
  ];
  const mesh = spawn(process.execPath, node, { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    await untilReady(recorder);
    const startMs = clock.monotonicMs();
    const { stimuli, lastsMs } = stimuliOf(golden, name);
    for (const stimulus of stimuli) {
      await clock.sleep(startMs + stimulus.afterMs - clock.monotonicMs());
      if (stimulus.kind === 'publish') recorder.publish(stimulus.topic, stimulus.payload, { qos: 0 });
      else void csms.call('cp001', stimulus.action, stimulus.payload);
    }
    await clock.sleep(startMs + lastsMs + TAIL_MS - clock.monotonicMs());
  } finally {
    mesh.kill('SIGINT');
    await once(mesh, 'exit');
    await recorder.endAsync();
    await csms.stop();
    broker.stop();
  }
  const differences = [
    ...compareBus(name, busFile),
    ...compareFrames(readLines<RecordedFrame>(join(golden, `ocpp-${name}.jsonl.gz`)), frames),
  ];
  if (differences.length === 0) rmSync(folder, { recursive: true });
  else process.stderr.write(`the recording of ${name} is kept in ${folder}\n`);
  return differences;
}

/** The patterns of the differences that are wanted, from the blocks in docs/explanation/deviations.md. */
function wantedDifferences(): RegExp[] {
  const text = readFileSync(join(root, 'docs/explanation/deviations.md'), 'utf8');
  const blocks = [...text.matchAll(/```bus-shape\n([^`]*)```/g)].map(([, block = '']) => block);
  return blocks
    .join('')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => new RegExp(`^${line.trim()}$`));
}

/**
 * The comparing tool marks real numbers by a NUL character, which JSON does not allow unescaped: payloads with such numbers would all count
 * as text, and nothing in them would be compared. The copy that is run escapes it.
 */
function shapeTool(): string {
  const copy = join(mkdtempSync(join(tmpdir(), 'chargemesh-bus-shape-')), 'bus-shape.mjs');
  const source = readFileSync(join(shared, 'tools/bus-shape.mjs'), 'utf8');
  writeFileSync(copy, source.replace(`'"\\u0000real"'`, `'"\\\\u0000real"'`));
  return copy;
}

function compareBus(name: string, ours: string): string[] {
  const tool = shapeTool();
  const reference = join(golden, `bus-${name}.jsonl.gz`);
  const words = [
    tool,
    'diff',
    reference,
    ours,
    '--modules',
    'auth,car_simulator,connector_1,energy_manager,evse_security',
  ];
  const { stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  const wanted = wantedDifferences();
  const lines = stdout.trimEnd().split('\n').slice(0, -1);
  const differences: string[] = [];
  let topic = '';
  for (const line of lines) {
    if (!/^[ +-]/.test(line)) {
      topic = line;
      continue;
    }
    const whole = line.startsWith(' ') ? `${topic} ${line.trim()}` : line;
    if (!wanted.some((pattern) => pattern.test(whole))) differences.push(whole);
  }
  return differences;
}

const names = process.argv.slice(2);
const results = await Promise.all(
  (names.length > 0 ? names : ['session', 'unplugstop', 'remote']).map(
    async (name) => [name, await run(name)] as const,
  ),
);
for (const [name, differences] of results) {
  process.stdout.write(`golden ${name}: ${differences.length === 0 ? 'equal' : `${differences.length} differences`}\n`);
  for (const difference of differences) process.stdout.write(`  ${difference}\n`);
}
process.exitCode = results.every(([, differences]) => differences.length === 0) ? 0 : 1;
