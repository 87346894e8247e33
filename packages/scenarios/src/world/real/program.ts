import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Clock } from '@chargemesh/base';
import type { ModuleCommand } from '@chargemesh/manager';
import type { OracleFinding } from '../../oracles/oracle.ts';

/** How much of what a program said is kept, to be shown where it fails. */
const KEPT_CHARACTERS = 20_000;
/** Of what came before a crash. */
const SHOWN_LINES = 12;
/** The last line of Node.js's report of an error, or of a rejection, that nobody caught: in this program or in one that it started. */
const CRASH = /^Node\.js v\d+\.\d+/;

/** The command line in a process of its own. */
export class Program {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #clock: Clock;
  readonly #troubles: OracleFinding[] = [];
  #said = '';
  #line = '';
  #isAskedToEnd = false;

  constructor({ command, args }: ModuleCommand, words: readonly string[], clock: Clock) {
    this.#clock = clock;
    this.#child = spawn(command, [...args, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#ended = once(this.#child, 'close').catch(() => {});
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (text) => this.#hear(String(text)));
    this.#child.once('close', (code, signal) => {
      if (!this.#isAskedToEnd) this.#note(`${words[0]} ended by itself with ${signal ?? code}`);
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

  /** Its crashes and those of the programs that it started, and its end where nobody had asked for that. */
  get troubles(): readonly OracleFinding[] {
    return this.#troubles;
  }

  /** Resolves when it has ended. */
  async end(signal: NodeJS.Signals): Promise<void> {
    this.#isAskedToEnd = true;
    if (this.running) this.#child.kill(signal);
    await this.#ended;
  }

  #hear(text: string): void {
    this.#said = (this.#said + text).slice(-KEPT_CHARACTERS);
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    if (lines.some((line) => CRASH.test(line))) this.#note('an error was not caught');
  }

  #note(what: string): void {
    const last = this.#said.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
    this.#troubles.push({
      rule: 'program',
      message: `${what}; it said last:\n${last}`,
      atMs: this.#clock.monotonicMs(),
    });
  }
}
