import type { Clock, Timer } from './clock.ts';
import { sleepOn, WallOffset } from './wall.ts';

interface Entry {
  dueMs: number;
  readonly sequence: number;
  readonly callback: () => void;
  cancelled: boolean;
}

/** Resolves when no promise can go on any more without something from outside. Costs a tenth of a round of the event loop. */
const promisesDone = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
/** Signals and sockets of the process are to be heard while a long run goes on. */
const STEPS_A_ROUND = 16;
const eventLoopRound = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Time that stands still until it is told to move, and jumps from timer to timer when it does: a month takes milliseconds.
 * Timers with the same due time fire in the order in which they were set, so that a run is the same each time.
 */
export class VirtualClock implements Clock {
  readonly #wall = new WallOffset();
  readonly #startMs: number;
  #nowMs = 0;
  #sequence = 0;
  #tracked = 0;
  #steps = 0;
  /** A binary heap by (due, sequence). */
  readonly #heap: Entry[] = [];

  /** @param startMs wall time at the start, in milliseconds since the epoch. Default 2026-01-01T00:00:00Z. */
  constructor(startMs: number = 1_767_225_600_000) {
    this.#startMs = startMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#startMs + this.#nowMs + this.#wall.ms;
  }

  wallOffsetMs(): number {
    return this.#wall.ms;
  }

  setWall(epochMs: number): void {
    this.setWallOffset(this.wallOffsetMs() + epochMs - this.wallMs());
  }

  setWallOffset(offsetMs: number): void {
    this.#wall.ms = offsetMs;
  }

  onWallJump(listener: (deltaMs: number) => void): Timer {
    return this.#wall.listen(listener);
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const entry: Entry = {
      dueMs: this.#nowMs + Math.max(0, delayMs),
      sequence: this.#sequence++,
      callback,
      cancelled: false,
    };
    this.#push(entry);
    return {
      cancel: () => {
        entry.cancelled = true;
      },
    };
  }

  setPeriodic(periodMs: number, callback: () => void): Timer {
    if (!(periodMs > 0)) throw new RangeError(`a period must be above 0 ms, not ${periodMs}`);
    let cancelled = false;
    const fire = (): void => {
      callback();
      if (!cancelled) timer = this.setTimer(periodMs, fire);
    };
    let timer = this.setTimer(periodMs, fire);
    return {
      cancel: () => {
        cancelled = true;
        timer.cancel();
      },
    };
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal);
  }

  track<T>(work: Promise<T>): Promise<T> {
    this.#tracked++;
    const done = (): void => {
      this.#tracked--;
    };
    work.then(done, done);
    return work;
  }

  /** How many timers are set and neither over nor cancelled. */
  get pendingTimers(): number {
    return this.#heap.filter(({ cancelled }) => !cancelled).length;
  }

  /** How many listen for jumps of the wall clock. */
  get wallListeners(): number {
    return this.#wall.listeners;
  }

  /** When the next timer is due on the monotonic axis, or undefined when none is set. */
  nextDueMs(): number | undefined {
    while (this.#heap[0]?.cancelled) this.#pop();
    return this.#heap[0]?.dueMs;
  }

  /** Lets everything that is due now, and all promises that follow from it, run to their end without moving time. */
  async settle(): Promise<void> {
    do {
      do await promisesDone();
      while (this.#fireDue());
      // Streams and ticks that beget ticks come to their end in one round.
      await eventLoopRound();
    } while (this.#fireDue() || this.#tracked > 0);
  }

  /** Moves time forward by `durationMs`, firing each timer at its own time and letting all settle between them. */
  async advance(durationMs: number): Promise<void> {
    const endMs = this.#nowMs + durationMs;
    await this.settle();
    for (;;) {
      const dueMs = this.nextDueMs();
      if (dueMs === undefined || dueMs > endMs) break;
      await this.#jump(dueMs);
    }
    // All is settled already, and nothing is due before the end.
    this.#nowMs = endMs;
  }

  /**
   * Moves time forward from timer to timer until `condition` holds.
   * @returns whether it held before `limitMs` had passed
   */
  async advanceUntil(condition: () => boolean, limitMs: number = 3_600_000): Promise<boolean> {
    const endMs = this.#nowMs + limitMs;
    await this.settle();
    while (!condition()) {
      const dueMs = this.nextDueMs();
      if (dueMs === undefined || dueMs > endMs) return false;
      await this.#jump(dueMs);
    }
    return true;
  }

  /**
   * Moves time forward to the next timer and lets all that follows from it by promises come to its end, where all has settled already:
   * for long runs that look at something between all timers. Now and then it lets the event loop go round as well.
   * @returns false where none is due in `limitMs`; then nothing is done
   */
  async step(limitMs: number): Promise<boolean> {
    const dueMs = this.nextDueMs();
    if (dueMs === undefined || dueMs > this.#nowMs + limitMs) return false;
    if (++this.#steps % STEPS_A_ROUND === 0) await this.#jump(dueMs);
    else {
      this.#nowMs = dueMs;
      while (this.#fireDue()) await promisesDone();
      if (this.#tracked > 0) await this.settle();
    }
    return true;
  }

  /** All has settled: what is due first may be fired without another look at what may be under way. */
  async #jump(dueMs: number): Promise<void> {
    this.#nowMs = dueMs;
    this.#fireDue();
    await this.settle();
  }

  #fireDue(): boolean {
    const dueMs = this.nextDueMs();
    if (dueMs === undefined || dueMs > this.#nowMs) return false;
    this.#pop()?.callback();
    return true;
  }

  #before(a: Entry, b: Entry): boolean {
    return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.sequence < b.sequence);
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    heap.push(entry);
    for (let at = heap.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1;
      const [child, above] = [heap[at], heap[parent]];
      if (!child || !above || !this.#before(child, above)) return;
      heap[at] = above;
      heap[parent] = child;
      at = parent;
    }
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    heap[0] = last;
    for (let at = 0; ; ) {
      let smallest = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        const [a, b] = [heap[child], heap[smallest]];
        if (a && b && this.#before(a, b)) smallest = child;
      }
      if (smallest === at) return top;
      const [a, b] = [heap[at], heap[smallest]];
      if (!a || !b) return top;
      heap[at] = b;
      heap[smallest] = a;
      at = smallest;
    }
  }
}
