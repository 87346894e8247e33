import { SeededRandom, silentLogger, VirtualClock } from '@chargemesh/base';
import { Csms, type CsmsOptions } from '../../src/csms.ts';
import type { LinkEvents } from '../../src/stations/link.ts';
import { TagList } from '../../src/tags/tag-list.ts';
import { START_MS } from './play.ts';

/** A CSMS on virtual time, with the usual cards. */
export function virtualCsms(options: Partial<CsmsOptions> = {}): { csms: Csms; clock: VirtualClock; lines: string[] } {
  const clock = new VirtualClock(START_MS);
  const lines: string[] = [];
  const csms = new Csms({
    clock,
    random: new SeededRandom(1),
    log: silentLogger,
    transcript: (line) => void lines.push(line),
    tags: new TagList([
      { id: 'TAG1', status: 'Accepted', parentIdTag: 'GROUP' },
      { id: 'SINGLE', status: 'Accepted', single: true },
      { id: 'STOLEN', status: 'Blocked' },
    ]),
    ...options,
  });
  return { csms, clock, lines };
}

/** A station that is connected by functions in place of a socket. */
export class VirtualStation {
  readonly id: string;
  readonly #csms: Csms;
  #events: LinkEvents | undefined;
  #ids = 0;
  /** What came from the CSMS, parsed where it is JSON. */
  readonly got: unknown[] = [];
  closed: 'clean' | 'cut' | undefined;
  paused = false;

  constructor(csms: Csms, id = 'cp001') {
    this.id = id;
    this.#csms = csms;
    this.connect();
  }

  connect(): void {
    this.closed = undefined;
    const events = this.#csms.attach(this.id, {
      send: (text) => void this.got.push(parse(text)),
      close: (how) => {
        this.closed = how;
        events.closed();
      },
      pause: () => {
        this.paused = true;
      },
      resume: () => {
        this.paused = false;
      },
    });
    this.#events = events;
  }

  disconnect(): void {
    this.#events?.closed();
  }

  /** Sends a CALL. @returns its id */
  send(action: string, payload: unknown): string {
    const id = `${this.id}-${++this.#ids}`;
    this.#events?.received(JSON.stringify([2, id, action, payload]));
    return id;
  }

  /** Sends a CALL and takes the last answer, which came at once. */
  say(action: string, payload: unknown): unknown {
    const id = this.send(action, payload);
    return this.answerTo(id);
  }

  /** What the CSMS answered to a CALL: the payload, or the CALLERROR as `[code, description]`. */
  answerTo(id: string): unknown {
    for (const frame of this.got) {
      if (!Array.isArray(frame) || frame[1] !== id) continue;
      return frame[0] === 3 ? frame[2] : frame.slice(2, 4);
    }
    return undefined;
  }

  /** Answers the last CALL of the CSMS. */
  reply(payload: unknown): void {
    this.#events?.received(JSON.stringify([3, this.lastCall()[1], payload]));
  }

  raw(text: string): void {
    this.#events?.received(text);
  }

  /** The last CALL of the CSMS. */
  lastCall(): unknown[] {
    const call = this.got.findLast((frame) => Array.isArray(frame) && frame[0] === 2);
    return Array.isArray(call) ? call : [];
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
