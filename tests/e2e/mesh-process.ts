import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { RealClock } from '@chargemesh/base';
import { ControlClient, controlSocketPath } from '@chargemesh/manager';
import { freePort } from '@chargemesh/testkit';

const root = resolve(import.meta.dirname, '../..');
const clock = new RealClock();
/** Twenty processes start at once where each module has one, maybe on a machine that does other things as well. */
const UP_WITHIN_MS = 60_000;

/** How a command of the CLI ended. */
export interface CommandEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(words: readonly string[]): ChildProcess {
  return spawn(join(root, 'mesh'), words, { cwd: root });
}

async function finish(child: ChildProcess): Promise<CommandEnd> {
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]?.on('data', (text) => {
      said[stream] += text;
    });
  const [code] = await once(child, 'close');
  return { code: code ?? -1, ...said };
}

/** Runs a command to its end. */
export function command(...words: string[]): Promise<CommandEnd> {
  return finish(run(words));
}

/** Waits for something to come true. @throws when it does not in time */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | null | false | ''>,
  withinMs = 20_000,
): Promise<T> {
  const endMs = clock.monotonicMs() + withinMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (clock.monotonicMs() > endMs) throw new Error(`${what} did not come about within ${withinMs / 1000} s`);
    await clock.sleep(100);
  }
}

/** What a command would ask the mesh, or the CSMS, with this state folder, without a process for it: for what is looked at again and again. */
export async function ask<T>(state: string, method: string): Promise<T> {
  const control = await ControlClient.connect(controlSocketPath(state, process.env));
  try {
    return (await control.call(method)) as T;
  } finally {
    control.close();
  }
}

/** A transaction as `csms ledger --json` tells it. */
export interface LedgerEntry {
  readonly id: number;
  readonly connectorId: number;
  readonly idTag: string;
  readonly energyWh: number;
  readonly meterStartWh: number;
  readonly reason: string | null;
  readonly meterStopWh: number | null;
}

/** A mesh in processes of its own, driven by the commands that its users have. */
export class MeshProcess {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'chargemesh-e2e-'));
  #child: ChildProcess | undefined;
  #said = '';

  get state(): string {
    return join(this.folder, 'state');
  }

  /** What `up` printed so far. */
  get said(): string {
    return this.#said;
  }

  get pid(): number {
    return this.#child?.pid ?? -1;
  }

  /** Starts it and waits until it says `awaited`. */
  async up(words: readonly string[], awaited = 'boot accepted'): Promise<void> {
    const child = run(['up', ...words, '--state', this.state]);
    this.#child = child;
    this.#said = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (text) => {
        this.#said += text;
      });
    await until(
      `"${awaited}" of up`,
      async () => {
        if (child.exitCode !== null) throw new Error(`up ended with ${child.exitCode}: ${this.#said}`);
        return this.#said.includes(awaited);
      },
      UP_WITHIN_MS,
    );
  }

  /** Runs a command for this mesh. @throws when it fails */
  async do(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.try(...words);
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${stdout}${stderr}`);
    return stdout;
  }

  try(...words: string[]): Promise<CommandEnd> {
    return command(...words, '--state', this.state);
  }

  async json<T>(...words: string[]): Promise<T> {
    return JSON.parse(await this.do(...words, '--json')) as T;
  }

  async ledger(): Promise<LedgerEntry[]> {
    const [station] = await this.ask<{ transactions: LedgerEntry[] }[]>('csms.ledger');
    return station?.transactions ?? [];
  }

  async violations(): Promise<unknown[]> {
    return this.ask<unknown[]>('csms.violations');
  }

  /** @see {@link ask} */
  ask<T>(method: string): Promise<T> {
    return ask(this.state, method);
  }

  /** Ends it as Ctrl-C does. @returns its exit code and how long it took */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<{ code: number; tookMs: number }> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return { code: child?.exitCode ?? -1, tookMs: 0 };
    const startMs = clock.monotonicMs();
    child.kill(signal);
    const [code] = await once(child, 'exit');
    return { code: code ?? -1, tookMs: clock.monotonicMs() - startMs };
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A Mosquitto that runs. */
export interface Mosquitto {
  readonly port: number;
  stop(signal?: NodeJS.Signals): void;
}

/** Debian's Mosquitto with the settings that a mesh needs. undefined where it is not installed. */
export async function mosquitto(folder: string, wantedPort?: number): Promise<Mosquitto | undefined> {
  const port = wantedPort ?? (await freePort());
  const file = join(folder, 'mosquitto.conf');
  const lines = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'set_tcp_nodelay true'];
  writeFileSync(file, [...lines, 'max_inflight_messages 0', 'max_queued_messages 0', ''].join('\n'));
  const broker = spawn('mosquitto', ['-c', file], { stdio: 'ignore' });
  const missing = once(broker, 'error').then(() => true);
  const there = clock.sleep(400).then(() => false);
  return (await Promise.race([missing, there])) ? undefined : { port, stop: (signal) => void broker.kill(signal) };
}
