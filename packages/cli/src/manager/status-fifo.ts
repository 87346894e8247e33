import { closeSync, constants, openSync, statSync, writeSync } from 'node:fs';
import { type Clock, messageOf, type Timer } from '@chargemesh/base';
import { CliError } from '../support/cli-error.ts';
import { EXIT } from '../support/exit-codes.ts';

/** How soon it is tried again where nobody reads yet, or the pipe is full. */
const RETRY_MS = 50;
/** Where a reader has fallen asleep, the newest lines are kept. */
const KEPT_LINES = 1_000;

/**
 * The named pipe by which a test harness hears how the mesh comes up. It never holds the mesh up: it is opened without waiting for a
 * reader, and lines wait for one. A reader that is gone hears nothing more, and nobody minds.
 *
 * @see reference bus.md 2.6
 */
export class StatusFifo {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #warn: (text: string) => void;
  #descriptor: number | undefined;
  #waiting: string[] = [];
  #retry: Timer | undefined;
  #closed = false;

  private constructor(path: string, clock: Clock, warn: (text: string) => void) {
    this.#path = path;
    this.#clock = clock;
    this.#warn = warn;
  }

  /** @throws CliError `STATUS_FIFO` where there is no named pipe */
  static open(path: string, { clock, warn }: { clock: Clock; warn: (text: string) => void }): StatusFifo {
    let isFifo: boolean;
    try {
      isFifo = statSync(path).isFIFO();
    } catch (error) {
      throw new CliError('STATUS_FIFO', `--status-fifo ${path} cannot be opened: ${messageOf(error)}`, EXIT.failed);
    }
    if (!isFifo)
      throw new CliError('STATUS_FIFO', `--status-fifo ${path} is no named pipe (mkfifo makes one)`, EXIT.failed);
    return new StatusFifo(path, clock, warn);
  }

  /** Writes a line, whole, as soon as somebody reads. */
  say(line: string): void {
    if (this.#closed) return;
    this.#waiting = [...this.#waiting, line].slice(-KEPT_LINES);
    this.#flush();
  }

  close(): void {
    this.#flush();
    this.#closed = true;
    this.#retry?.cancel();
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #flush(): void {
    if (this.#closed) return;
    this.#retry?.cancel();
    this.#retry = undefined;
    try {
      this.#descriptor ??= openSync(this.#path, constants.O_WRONLY | constants.O_NONBLOCK);
      // A line is shorter than what the kernel writes in one piece or not at all (PIPE_BUF).
      for (let line = this.#waiting[0]; line !== undefined; line = this.#waiting[0]) {
        writeSync(this.#descriptor, `${line}\n`);
        this.#waiting.shift();
      }
    } catch (error) {
      this.#take(codeOf(error), error);
    }
  }

  #take(code: string | undefined, error: unknown): void {
    // ENXIO: nobody has it open for reading yet. EAGAIN: it is full.
    if (code === 'ENXIO' || code === 'EAGAIN') {
      this.#retry = this.#clock.setTimer(RETRY_MS, () => this.#flush());
      return;
    }
    this.#waiting = [];
    if (code !== 'EPIPE') this.#warn(`the status FIFO ${this.#path} cannot be written to: ${messageOf(error)}`);
  }
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}
