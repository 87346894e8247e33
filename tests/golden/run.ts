/**
 * Drives our mesh as EVerest was driven for the recordings in ../shared/reference/golden, records it the same way, and compares.
 *
 *     node --conditions=development tests/golden/run.ts [session unplugstop remote reserve availability error wsdrop misc api]
 *
 * Needs Debian's mosquitto, and the reference beside the repository. What differs on purpose, and what waits for a part that is not there
 * yet, is named in docs/explanation/deviations.md, in its blocks marked `bus-shape` and `golden`; exit 1 where anything else differs.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { formatTimestamp, messageOf, parseTimestamp, RealClock, silentLogger, systemRandom } from '@chargemesh/base';
import { type AuthorizationStatus, Csms, type PassedFrame, TagList } from '@chargemesh/csms';
import type { MqttClient } from 'mqtt';
import { mosquitto } from '../e2e/mesh-process.ts';
import { addedModules } from './added-modules.ts';
import { compareFrames } from './compare-frames.ts';
import { ExpectedDifferences, type Judged } from './expected-differences.ts';
import { readableFrame } from './readable-frame.ts';
import { record } from './recorder.ts';
import { type RecordedFrame, readLines, type Script, type Stimulus, scriptOf, type Word } from './scenario.ts';

const root = resolve(import.meta.dirname, '../..');
const shared = process.env.CHARGEMESH_SHARED ?? resolve(root, '../shared');
const golden = join(shared, 'reference/golden');
const page = join(root, 'docs/explanation/deviations.md');
const station = 'cp001';
const all = ['misc', 'api', 'wsdrop', 'session', 'reserve', 'error', 'availability', 'remote', 'unplugstop'];
const clock = new RealClock();
/** Settles what the last stimulus brought about. */
const TAIL_MS = 1_500;
/** A busy machine may take so much longer than the reference. */
const PATIENCE_MS = 2_000;
const BOOT_PATIENCE_MS = 15_000;

function frameOf({ atMs, dir, text }: PassedFrame): RecordedFrame {
  return { t: atMs / 1000, dir, frame: dir === 'event' ? text : JSON.parse(text) };
}

async function untilReady(recorder: MqttClient): Promise<void> {
  await new Promise<void>((done) => {
    recorder.on('message', (topic, payload) => topic === 'everest/ready' && payload.length > 0 && done());
  });
}

/** What was done in a scenario, its dates as far ahead of now as they were of then. */
function readScript(name: string): Script {
  const nowMs = clock.wallMs();
  return scriptOf(golden, name, (text, readyAt) =>
    formatTimestamp(nowMs + (parseTimestamp(text) ?? 0) - Math.round(readyAt * 1000)),
  );
}

/** EVerest's manager ends at a reset, and with it the recording. */
function untilReset(frames: readonly RecordedFrame[]): readonly RecordedFrame[] {
  const reset = frames.findIndex(({ frame }) => Array.isArray(frame) && frame[2] === 'Reset');
  const end = frames.findIndex(({ frame }, at) => reset >= 0 && at > reset && frame === 'disconnected');
  return end < 0 ? frames : frames.slice(0, end);
}

/** The reference had said something when it was asked: ours may take a little longer. Where it says something else, it is not waited for long. */
async function untilSaid(word: Word | undefined, frames: readonly RecordedFrame[], patienceMs: number): Promise<void> {
  const isSaid = ({ text, times }: Word): boolean =>
    frames.filter((frame) => frame.dir === 'rx' && readableFrame(frame)?.text === text).length >= times;
  const endMs = clock.monotonicMs() + patienceMs;
  while (word && !isSaid(word) && clock.monotonicMs() < endMs) await clock.sleep(20);
}

async function play(stimulus: Stimulus, recorder: MqttClient, csms: Csms): Promise<void> {
  switch (stimulus.kind) {
    case 'publish':
      recorder.publish(stimulus.topic, stimulus.payload, { qos: 0 });
      return;
    case 'hang up':
      csms.drop(station, 'clean');
      return;
    case 'call':
      csms.call(station, stimulus.action, stimulus.payload).catch(() => {});
  }
}

/** Runs one scenario. */
async function run(name: string): Promise<Judged> {
  const folder = mkdtempSync(join(tmpdir(), `chargemesh-golden-${name}-`));
  const busFile = join(folder, 'bus.jsonl');
  const broker = await mosquitto(folder);
  if (!broker) throw new Error('mosquitto is not installed');
  const recorder = await record(broker.port, busFile, clock);
  const refused = [...readScript(name).refused].map(([id, status]) => ({ id, status: status as AuthorizationStatus }));
  const tags = new TagList(refused, 'Accepted');
  const csms = new Csms({ clock, random: systemRandom, log: silentLogger, tags });
  const frames: RecordedFrame[] = [];
  csms.onFrame((frame) => frames.push(frameOf(frame)));
  const { url } = await csms.start();
  const ocppConfig = JSON.parse(readFileSync(join(golden, 'ocpp-config.json'), 'utf8'));
  ocppConfig.Internal.CentralSystemURI = `${url.replace('ws://', '')}/${station}`;
  writeFileSync(join(folder, 'libocpp-config-test.json'), JSON.stringify(ocppConfig));
  writeFileSync(join(folder, 'config.yaml'), readFileSync(join(golden, 'config.yaml')));
  mkdirSync(join(folder, 'user-config'));
  // JSON is YAML.
  writeFileSync(join(folder, 'user-config/config.yaml'), JSON.stringify(addedModules[name] ?? {}));
  const words = ['up', join(folder, 'config.yaml'), '--broker', `127.0.0.1:${broker.port}`, '--no-csms'];
  const mesh = spawn(join(root, 'mesh'), [...words, '--state', join(folder, 'state')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(mesh, 'exit');
  try {
    const isReady = await Promise.race([untilReady(recorder).then(() => true), ended.then(() => false)]);
    if (!isReady) return { faults: ['the mesh does not come up'], waiting: [] };
    const { stimuli, lastsMs } = readScript(name);
    await untilSaid(stimuli[0]?.after, frames, BOOT_PATIENCE_MS);
    const startMs = clock.monotonicMs();
    for (const stimulus of stimuli) {
      await clock.sleep(startMs + stimulus.afterMs - clock.monotonicMs());
      await untilSaid(stimulus.after, frames, PATIENCE_MS);
      // What fails here is a difference there.
      await play(stimulus, recorder, csms).catch((error) => process.stderr.write(`${name}: ${messageOf(error)}\n`));
    }
    await clock.sleep(startMs + lastsMs + TAIL_MS - clock.monotonicMs());
  } finally {
    mesh.kill('SIGINT');
    await ended;
    await recorder.endAsync();
    await csms.stop();
    broker.stop();
  }
  const reference = readLines<RecordedFrame>(join(golden, `ocpp-${name}.jsonl.gz`));
  const judged = ExpectedDifferences.read(page, name).judge([
    ...compareBus(name, busFile),
    ...compareFrames(untilReset(reference), untilReset(frames)),
  ]);
  if (judged.faults.length === 0) rmSync(folder, { recursive: true });
  else process.stderr.write(`the recording of ${name} is kept in ${folder}\n`);
  return judged;
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
  const lines = stdout.trimEnd().split('\n').slice(0, -1);
  const differences: string[] = [];
  let topic = '';
  for (const line of lines) {
    if (!/^[ +-]/.test(line)) {
      topic = line;
      continue;
    }
    differences.push(line.startsWith(' ') ? `${topic} ${line.trim()}` : line);
  }
  return differences;
}

const names = process.argv.slice(2);
let unequal = 0;
await Promise.all((names.length > 0 ? names : all).map(async (name) => report(name, await run(name))));
process.exitCode = unequal === 0 ? 0 : 1;

function report(name: string, { faults, waiting }: Judged): void {
  const but = waiting.length > 0 ? `, but for what waits: ${waiting.join('; ')}` : '';
  const lines = faults.map((fault) => `  ${fault}\n`).join('');
  process.stdout.write(
    `golden ${name}: ${faults.length === 0 ? `equal${but}` : `${faults.length} differences`}\n${lines}`,
  );
  if (faults.length > 0) unequal++;
}
