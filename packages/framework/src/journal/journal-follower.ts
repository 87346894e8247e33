import type { Timer } from '@chargemesh/base';
import type { PublishOptions } from '../bus/bus.ts';
import type { JournalReader } from '../module/module.ts';
import type { RuntimeCore } from '../runtime/runtime-core.ts';
import type { JournalAnswer, JournalPosition, JournalRequest, JournalState } from './journal-wire.ts';

const ANSWER_WITHIN_MS = 2_000;
/** A module of EVerest keeps no journal and answers nothing. */
const ATTEMPTS = 3;

/**
 * Reads the journal of another module: each value once and in order, also those that were published while one of the two was away. Of a
 * module without a journal it hands over what comes.
 */
export class JournalFollower {
  readonly #core: RuntimeCore;
  readonly #moduleId: string;
  readonly #reader: JournalReader<never>;
  #epoch: string | undefined;
  /** The number that is wanted next; undefined while it is not known where to begin. */
  #next: number | undefined;
  /** What came before its turn. */
  readonly #early = new Map<number, unknown>();
  #question: Timer | undefined;
  #attempts = 0;

  constructor(core: RuntimeCore, moduleId: string, reader: JournalReader<never>) {
    this.#core = core;
    this.#moduleId = moduleId;
    this.#reader = reader;
    const position = reader.position();
    this.#epoch = position?.epoch;
    this.#next = position && position.number + 1;
  }

  /** Asks for what was missed. */
  catchUp(): void {
    this.#attempts = 0;
    this.#ask();
  }

  /** The module is not there any more, or this one ends. */
  stop(): void {
    this.#question?.cancel();
    this.#question = undefined;
  }

  /** A value was published. @param mark its place in the journal, where there is one */
  published(value: unknown, mark: JournalPosition | undefined): void {
    if (!mark) {
      this.#reader.take(value as never, undefined, () => {});
      return;
    }
    if (mark.epoch !== this.#epoch) this.#begin(mark.epoch, mark.number);
    this.#next ??= mark.number;
    if (mark.number < this.#next) return;
    this.#early.set(mark.number, value);
    this.#drain();
    if (this.#early.size > 0 && !this.#question) this.catchUp();
  }

  /** The journal has answered. */
  answered({ epoch, events, last }: JournalAnswer): void {
    this.stop();
    if (epoch !== this.#epoch) this.#begin(epoch, events[0]?.number ?? last + 1);
    this.#next ??= events[0]?.number ?? last + 1;
    for (const { number, data } of events) if (number >= this.#next) this.#early.set(number, data);
    this.#drain();
    this.#skipGap();
  }

  /** The journal says how far it is. */
  told({ epoch, last }: JournalState): void {
    if (epoch !== this.#epoch || this.#next === undefined || last >= this.#next) this.catchUp();
  }

  #begin(epoch: string, next: number): void {
    if (this.#epoch !== undefined)
      this.#core.log.warn(`the journal of ${this.#moduleId} was begun anew: what it held before is lost`);
    this.#epoch = epoch;
    this.#next = next;
    this.#early.clear();
  }

  #drain(): void {
    for (;;) {
      const number = this.#next;
      const { epoch } = { epoch: this.#epoch };
      if (number === undefined || epoch === undefined || !this.#early.has(number)) return;
      const value = this.#early.get(number);
      this.#early.delete(number);
      this.#next = number + 1;
      const position = { epoch, number };
      this.#reader.take(value as never, position, () => this.#acknowledge(position));
    }
  }

  /** What is missing between is not in the journal any more. */
  #skipGap(): void {
    if (this.#early.size === 0) return;
    const from = this.#next;
    this.#next = Math.min(...this.#early.keys());
    this.#core.log.error(`${this.#moduleId} no longer has what it published: ${from} to ${this.#next - 1} are lost`);
    this.#drain();
    this.#skipGap();
  }

  #acknowledge(acknowledged: JournalPosition): void {
    this.#send({ origin: this.#core.info.id, acknowledged }, { qos: 0 });
  }

  #ask(): void {
    this.stop();
    if (this.#attempts >= ATTEMPTS) {
      this.#skipGap();
      return;
    }
    this.#attempts++;
    this.#question = this.#core.clock.setTimer(ANSWER_WITHIN_MS, () => this.#ask());
    const after =
      this.#epoch === undefined || this.#next === undefined ? null : { epoch: this.#epoch, number: this.#next - 1 };
    this.#send({ origin: this.#core.info.id, after });
  }

  #send(request: JournalRequest, options?: PublishOptions): void {
    const { outbox, topics } = this.#core;
    outbox.send(topics.journal(this.#moduleId), JSON.stringify(request), options);
  }
}
