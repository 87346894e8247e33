/**
 * Many sessions at both EVSEs of one real station, driven by the commands that people type: what is left of them in its process?
 *
 *     pnpm endurance:real                   200 sessions, about ten minutes
 *     pnpm endurance:real --sessions 40
 *
 * Node's inspector says how much memory is left once all garbage is gone, and which timers, sockets and files are open, each time that no
 * car is there. The CSMS keeps what it is told, and so it runs in a process of its own.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { RealClock } from '@chargemesh/base';
import { freePort } from '@chargemesh/testkit';
import { ask, type LedgerEntry, MeshProcess } from '../tests/e2e/mesh-process.ts';

/** What tables that have an end may take, such as those of the ids that were seen. */
const MOST_GROWTH_BYTES = 2_000_000;
const ROUNDS = 10;
/** Of the rounds, those in which code is compiled and caches fill. */
const WARM_UP = 2;
const EVSES = [1, 2];
const CHARGES_MS = 2_000;
/** What a session leaves for a moment: a publication to come, a socket that closes. */
const REST_MS = 8_000;

const { values } = parseArgs({ options: { sessions: { type: 'string', default: '200' } } });
const perRound = Math.ceil(Number(values.sessions) / ROUNDS / EVSES.length);
if (!(perRound > 0)) throw new RangeError(`--sessions ${values.sessions}: how many sessions?`);

const clock = new RealClock();
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Objects and buffers; code is compiled for as long as a process lives, and has an end. */
const WHAT_IS_HELD = `JSON.stringify([
  process.getBuiltinModule('node:v8').getHeapSpaceStatistics()
    .filter(({ space_name }) => !/code|trusted|read_only/.test(space_name))
    .reduce((sum, { space_used_size }) => sum + space_used_size, process.memoryUsage().arrayBuffers),
  process.getActiveResourcesInfo(),
])`;

/** What a process holds while nothing happens. */
interface Held {
  readonly bytes: number;
  /** How many of each kind keep it alive. */
  readonly resources: Readonly<Record<string, number>>;
}

/** Looks into a process by Node's inspector. */
class Inspector {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (result: { result?: { value?: unknown } }) => void>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const { id, result } = JSON.parse(String(data));
      this.#answers.get(id)?.(result);
      this.#answers.delete(id);
    });
  }

  static async connect(url: string): Promise<Inspector> {
    const socket = new WebSocket(url);
    await new Promise((done, fail) => {
      socket.addEventListener('open', done);
      socket.addEventListener('error', fail);
    });
    return new Inspector(socket);
  }

  async held(): Promise<Held> {
    await this.#send('HeapProfiler.collectGarbage');
    const { result } = await this.#send('Runtime.evaluate', { expression: WHAT_IS_HELD });
    const [bytes, kinds] = JSON.parse(String(result?.value)) as [number, string[]];
    const resources: Record<string, number> = {};
    for (const kind of kinds.toSorted()) resources[kind] = (resources[kind] ?? 0) + 1;
    return { bytes, resources };
  }

  close(): void {
    this.#socket.close();
  }

  #send(method: string, params: object = {}): Promise<{ result?: { value?: unknown } }> {
    const id = ++this.#last;
    return new Promise((done) => {
      this.#answers.set(id, done);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }
}

async function sessionsAt(mesh: MeshProcess, evse: number): Promise<void> {
  for (let at = 0; at < perRound; at++) {
    await mesh.do('plug', String(evse));
    await mesh.do('swipe', String(evse), 'DEADBEEF');
    await clock.sleep(CHARGES_MS);
    await mesh.do('unplug', String(evse));
  }
}

/** A CSMS in a process of its own. */
class CsmsProcess {
  readonly #state = mkdtempSync(join(tmpdir(), 'chargemesh-csms-'));
  readonly #process;
  readonly url: string;

  private constructor(port: number) {
    this.url = `ws://127.0.0.1:${port}`;
    this.#process = spawn(
      join(resolve(import.meta.dirname, '..'), 'mesh'),
      ['csms', 'serve', '--port', String(port), '--state', this.#state],
      { stdio: 'ignore' },
    );
  }

  static async start(): Promise<CsmsProcess> {
    return new CsmsProcess(await freePort());
  }

  ask<T>(method: string): Promise<T> {
    return ask(this.#state, method);
  }

  async end(): Promise<void> {
    this.#process.kill('SIGINT');
    await once(this.#process, 'exit');
    rmSync(this.#state, { recursive: true, force: true });
  }
}

const csms = await CsmsProcess.start();
const mesh = new MeshProcess();
const faults: string[] = [];
try {
  process.env.NODE_OPTIONS = '--inspect=127.0.0.1:0';
  await mesh.up(['--csms', csms.url]);
  process.env.NODE_OPTIONS = '';
  const [url] = /ws:\/\/127\.0\.0\.1:\d+\/[0-9a-f-]+/.exec(mesh.said) ?? [];
  if (url === undefined) throw new Error(`the inspector does not say where it is: ${mesh.said}`);
  const inspector = await Inspector.connect(url);
  const samples: Held[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    await Promise.all(EVSES.map((evse) => sessionsAt(mesh, evse)));
    await clock.sleep(REST_MS);
    const held = await inspector.held();
    samples.push(held);
    const resources = Object.entries(held.resources).map(([kind, count]) => `${count} ${kind}`);
    const sessions = round * perRound * EVSES.length;
    say(`${String(sessions).padStart(5)} sessions  ${(held.bytes / 1e6).toFixed(1)} MB  ${resources.join(', ')}`);
  }
  inspector.close();
  const warm = samples.slice(WARM_UP);
  const [first, last] = [warm.at(0), warm.at(-1)];
  if (!first || !last) throw new Error('nothing was measured');
  if (last.bytes - first.bytes > MOST_GROWTH_BYTES)
    faults.push(`${((last.bytes - first.bytes) / 1e6).toFixed(1)} MB more at the end than at the beginning`);
  for (const [kind, count] of Object.entries(last.resources)) {
    const least = Math.min(...warm.map(({ resources }) => resources[kind] ?? 0));
    const most = Math.max(...warm.slice(0, -1).map(({ resources }) => resources[kind] ?? 0));
    if (count > most && count - least > 1) faults.push(`${count} ${kind} at the end, ${least} before`);
  }
  const [station] = await csms.ask<{ transactions: LedgerEntry[] }[]>('csms.ledger');
  const ledger = station?.transactions ?? [];
  const wanted = ROUNDS * perRound * EVSES.length;
  const ended = ledger.filter(({ reason }) => reason === 'EVDisconnected').length;
  say(`${ledger.length} transactions at the CSMS, ${ended} ended with EVDisconnected`);
  if (ledger.length !== wanted || ended !== wanted) faults.push(`there should be ${wanted}`);
  for (const violation of await csms.ask<unknown[]>('csms.violations')) faults.push(JSON.stringify(violation));
} finally {
  await mesh.end();
  await csms.end();
}
for (const fault of faults) say(`FAILED: ${fault}`);
if (faults.length === 0) say('nothing is left of them');
process.exitCode = faults.length === 0 ? 0 : 1;
