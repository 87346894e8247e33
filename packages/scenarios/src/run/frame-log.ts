import type { PassedFrame } from '@chargemesh/csms';
import type { FramePattern } from '../language/scenario.ts';
import { matches } from '../match/matches.ts';
import type { TrialCsms } from '../world/trial-csms.ts';

/** A frame that passed between station and CSMS. */
export interface LoggedFrame {
  readonly atMs: number;
  /** The action; with `.conf` for an answer, `.error` for a CALLERROR. `?` where the frame cannot be read. */
  readonly name: string;
  readonly from: 'station' | 'csms';
  /** The payload, or code and description of a CALLERROR. */
  readonly payload: unknown;
}

/** The frames of one station, in order, and how far a scenario has looked at them. */
export class FrameLog {
  readonly frames: LoggedFrame[] = [];
  readonly #actions = new Map<string, string>();
  #next = 0;

  constructor(csms: TrialCsms, station: string) {
    csms.onFrame((frame) => {
      if (frame.station === station && frame.dir !== 'event') this.frames.push(this.#read(frame));
    });
  }

  /** What nobody has looked at yet. */
  get unseen(): readonly LoggedFrame[] {
    return this.frames.slice(this.#next);
  }

  /**
   * Looks for frames in this order, others between them.
   * @returns the first that is missing, or undefined where all are there: then they count as seen, with all before the last of them
   */
  take(patterns: readonly FramePattern[]): FramePattern | undefined {
    let at = this.#next;
    for (const pattern of patterns) {
      while (at < this.frames.length && !fits(this.frames[at], pattern)) at++;
      if (at >= this.frames.length) return pattern;
      at++;
    }
    this.#next = at;
    return undefined;
  }

  /** The first frame of these that nobody has looked at yet. */
  find(patterns: readonly FramePattern[]): LoggedFrame | undefined {
    return this.unseen.find((frame) => patterns.some((pattern) => fits(frame, pattern)));
  }

  /** All that came so far counts as seen. */
  skip(): void {
    this.#next = this.frames.length;
  }

  #read({ atMs, dir, text }: PassedFrame): LoggedFrame {
    const from = dir === 'rx' ? 'station' : 'csms';
    const frame = parse(text);
    if (!Array.isArray(frame)) return { atMs, from, name: '?', payload: text };
    const [type, id, action, payload] = frame;
    if (type === 2) {
      this.#actions.set(`${from} ${id}`, String(action));
      return { atMs, from, name: String(action), payload };
    }
    const asked = this.#actions.get(`${from === 'csms' ? 'station' : 'csms'} ${id}`) ?? '?';
    if (type === 3) return { atMs, from, name: `${asked}.conf`, payload: action };
    return { atMs, from, name: `${asked}.error`, payload: { code: action, description: payload } };
  }
}

function fits(frame: LoggedFrame | undefined, pattern: FramePattern): boolean {
  if (!frame) return false;
  if (typeof pattern === 'string') return frame.name === pattern;
  return Object.entries(pattern).every(([name, payload]) => frame.name === name && matches(frame.payload, payload));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
