import { type Clock, type Logger, messageOf, type Timer } from '@chargemesh/base';
import type { CarActions } from './car-actions.ts';
import { Arguments, commands, type Ended } from './commands.ts';
import { checkCount, type ScriptStep } from './script.ts';

/** Carries out the commands of a script one after the other. It moves only when it is told to, or when a timer of its own is over. */
export class ScriptRunner {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #speed: number;
  readonly #onTimer: () => void;
  #queue: ScriptStep[] = [];
  #inserted: readonly ScriptStep[] = [];
  #front: Ended | undefined;
  #timers: Timer[] = [];
  #running = false;

  /** @param onTimer called when a timer is over, and {@link advance} is due */
  constructor(parts: { clock: Clock; log: Logger; speed: number; onTimer: () => void }) {
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#speed = parts.speed;
    this.#onTimer = parts.onTimer;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Takes these commands in the place of what is left of the present ones. */
  load(steps: readonly ScriptStep[]): void {
    this.clear();
    this.#queue = [...steps];
    this.#running = true;
  }

  clear(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers = [];
    this.#queue = [];
    this.#inserted = [];
    this.#front = undefined;
    this.#running = false;
  }

  /** Puts commands after the present one, before the rest. */
  insert(steps: readonly ScriptStep[]): void {
    this.#inserted = steps;
  }

  /**
   * Carries out as many commands as come to their end now.
   * @returns whether the script has just come to its end
   */
  advance(actions: CarActions): boolean {
    if (!this.#running) return false;
    for (let step = this.#queue[0]; step; step = this.#queue[0]) {
      this.#front ??= this.#start(step, actions);
      if (!this.#front()) return false;
      this.#front = undefined;
      this.#queue.splice(0, 1, ...this.#inserted);
      this.#inserted = [];
    }
    this.clear();
    return true;
  }

  /** @param seconds of simulated time */
  startTimer(seconds: number): Ended {
    let over = seconds === 0;
    if (!over)
      this.setTimer(seconds * 1000, () => {
        over = true;
      });
    return () => over;
  }

  /** Calls back after a span of simulated time, unless the script is given up before. */
  setTimer(delayMs: number, work: () => void): void {
    const timer = this.#clock.setTimer(delayMs / this.#speed, () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
      work();
      this.#onTimer();
    });
    this.#timers.push(timer);
  }

  #start(step: ScriptStep, actions: CarActions): Ended {
    try {
      checkCount(step.name, step.args.length);
      return commands[step.name].start(actions, new Arguments(step.args)) ?? atOnce;
    } catch (error) {
      this.#log.warn(`${step.name} of the car's script is passed over: ${messageOf(error)}`);
      return atOnce;
    }
  }
}

const atOnce: Ended = () => true;
