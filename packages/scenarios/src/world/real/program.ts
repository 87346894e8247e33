import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ModuleCommand } from '@chargemesh/manager';

/** How much of what a program said is kept, to be shown where it fails. */
const KEPT_CHARACTERS = 20_000;

/** The command line in a process of its own. */
export class Program {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #said = '';

  constructor({ command, args }: ModuleCommand, words: readonly string[]) {
    this.#child = spawn(command, [...args, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#ended = once(this.#child, 'close').catch(() => {});
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (text) => {
        this.#said = (this.#said + String(text)).slice(-KEPT_CHARACTERS);
      });
  }

  get said(): string {
    return this.#said;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when it has ended. */
  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.running) this.#child.kill(signal);
    await this.#ended;
  }
}
