import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { RealClock } from '@chargemesh/base';
import { until } from '../e2e/mesh-process.ts';

const program = resolve(import.meta.dirname, '../../packages/cli/bin/manager');
const clock = new RealClock();
/** Many may start at once, on a machine that does other things as well. */
const UP_WITHIN_MS = 60_000;

/** A manager in a process of its own, started and heard as EVerest's tools do it. */
export class ManagerProcess {
  /** What its status FIFO has said, a line each. */
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #reader: ChildProcess;
  readonly #readAll: Promise<unknown>;
  readonly #said = { out: '', err: '' };

  private constructor(child: ChildProcess, reader: ChildProcess) {
    this.#child = child;
    this.#reader = reader;
    this.#readAll = once(reader, 'close');
    reader.stdout?.on('data', (text) => this.lines.push(...String(text).trim().split('\n')));
    child.stdout?.on('data', (text) => {
      this.#said.out += text;
    });
    child.stderr?.on('data', (text) => {
      this.#said.err += text;
    });
  }

  /** Starts it with a status FIFO in `folder`, which is its current folder too. */
  static start(folder: string, words: readonly string[], port: number): ManagerProcess {
    const fifo = join(folder, 'status');
    spawnSync('mkfifo', [fifo]);
    const reader = spawn('cat', [fifo], { stdio: ['ignore', 'pipe', 'ignore'] });
    const child = spawn(program, [...words, '--status-fifo', fifo], {
      cwd: folder,
      env: { ...process.env, MQTT_SERVER_ADDRESS: '127.0.0.1', MQTT_SERVER_PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new ManagerProcess(child, reader);
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get out(): string {
    return this.#said.out;
  }

  get err(): string {
    return this.#said.err;
  }

  /** Waits until the FIFO has said a line so many times. */
  async heard(line: string, times = 1): Promise<void> {
    await until(
      `${line} of the manager`,
      async () => {
        const count = this.lines.filter((each) => each === line).length;
        if (count < times && this.#child.exitCode !== null) throw new Error(`the manager ended: ${this.err}`);
        return count >= times;
      },
      UP_WITHIN_MS,
    );
  }

  /** Waits for its end. @returns the exit code */
  async ended(): Promise<number> {
    if (this.#child.exitCode === null) await once(this.#child, 'close');
    // What the pipe still held is read; where the manager never opened it, there is nothing.
    const late = clock.setTimer(500, () => this.#reader.kill());
    await this.#readAll;
    late.cancel();
    return this.#child.exitCode ?? -1;
  }

  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number> {
    this.#child.kill(signal);
    return await this.ended();
  }
}
