import { type Clock, formatTimestamp } from '@chargemesh/base';
import type { Transport, TransportFactory, TransportListener, TransportOptions } from '../../src/index.ts';

/** How the CSMS meets one request of a transaction, so long after it came. */
export type Mood =
  | { readonly kind: 'answer'; readonly afterMs: number; readonly accepted: boolean; readonly failingWrite: number }
  | { readonly kind: 'error'; readonly afterMs: number; readonly code: string }
  | { readonly kind: 'never' };

/** A request as it came. */
export interface Request {
  readonly id: string;
  readonly action: string;
  readonly payloadText: string;
}

/** Who hears of what passes, each time before the station learns of what follows. */
export interface MoodyCsmsParts {
  readonly clock: Clock;
  readonly received: (request: Request) => void;
  /** An answer goes out. @param deliver hands it to the station */
  readonly answers: (
    request: Request,
    mood: Exclude<Mood, { kind: 'never' }>,
    transactionId: number,
    deliver: () => void,
  ) => void;
  readonly lost: () => void;
}

const TRANSACTIONAL = /^(Start|Stop)Transaction$|^MeterValues$|^SecurityEventNotification$/;

/** A CSMS that takes everything but what belongs to transactions at once, and that as its moods are. */
export class MoodyCsms implements TransportFactory {
  readonly #parts: MoodyCsmsParts;
  readonly #moods: Mood[] = [];
  #listener: TransportListener | undefined;
  #nextTransactionId = 1;
  reachable = true;

  constructor(parts: MoodyCsmsParts) {
    this.#parts = parts;
  }

  get connected(): boolean {
    return this.#listener !== undefined;
  }

  /** What the next requests are met with, one each. After these: taken at once. */
  feel(moods: readonly Mood[]): void {
    this.#moods.push(...moods);
  }

  /** It is in the best of moods from now on. */
  calm(): void {
    this.#moods.length = 0;
  }

  /** Breaks the connection. @param heard whether the station is alive to notice */
  drop(heard: boolean): void {
    const listener = this.#listener;
    this.#listener = undefined;
    if (!listener) return;
    this.#parts.lost();
    if (heard) listener.closed({ reason: 'broken' });
  }

  open(_options: TransportOptions, listener: TransportListener): Transport {
    const { clock } = this.#parts;
    let closed = false;
    const close = (): void => {
      if (closed) return;
      closed = true;
      if (this.#listener === listener) this.drop(false);
      clock.setTimer(0, () => listener.closed({ reason: 'closed' }));
    };
    if (this.reachable)
      clock.setTimer(0, () => {
        if (closed) return;
        this.#listener = listener;
        listener.opened('ocpp1.6');
      });
    else close();
    return {
      send: (text) => {
        if (!closed && this.#listener === listener) this.#received(text, listener);
      },
      ping: () => void clock.setTimer(0, () => void (closed || listener.ponged())),
      close,
      terminate: close,
    };
  }

  #received(text: string, listener: TransportListener): void {
    const { clock } = this.#parts;
    const [, id, action]: [number, string, string] = JSON.parse(text);
    const request = { id, action, payloadText: text.slice(JSON.stringify([2, id, action]).length, -1) };
    const answer = (afterMs: number, work: () => void): void => {
      clock.setTimer(afterMs, () => void (this.#listener === listener && work()));
    };
    if (!TRANSACTIONAL.test(action)) {
      answer(0, () => listener.received(JSON.stringify([3, id, this.#politely(action)])));
      return;
    }
    const mood = this.#moods.shift() ?? { kind: 'answer', afterMs: 0, accepted: true, failingWrite: 0 };
    this.#parts.received(request);
    if (mood.kind === 'never') return;
    answer(mood.afterMs, () => {
      const transactionId = this.#nextTransactionId++;
      const frame =
        mood.kind === 'error' ? [4, id, mood.code, '', {}] : [3, id, answerTo(action, mood.accepted, transactionId)];
      this.#parts.answers(request, mood, transactionId, () => listener.received(JSON.stringify(frame)));
    });
  }

  #politely(action: string): object {
    const currentTime = formatTimestamp(this.#parts.clock.wallMs());
    if (action === 'BootNotification') return { status: 'Accepted', currentTime, interval: 3600 };
    return action === 'Heartbeat' ? { currentTime } : {};
  }
}

function answerTo(action: string, accepted: boolean, transactionId: number): object {
  const idTagInfo = { status: accepted ? 'Accepted' : 'Invalid' };
  if (action === 'StartTransaction') return { transactionId, idTagInfo };
  return action === 'StopTransaction' ? { idTagInfo } : {};
}
