import type { LoggedFrame } from '../charge-point-types.ts';
import type { VisibleFrame } from './visible-frame.ts';

/** What a frame is, for whoever reads it. */
export interface FrameSummary {
  readonly kind: 'CALL' | 'CALLRESULT' | 'CALLERROR' | 'unreadable';
  readonly id: string;
  /** Of an answer: that of the request, where it is remembered. */
  readonly action: string;
  /** The payload; of a CALLERROR the code, the description and the details; of what cannot be read the text. */
  readonly content: unknown;
}

/** So many requests are remembered for their answers. */
const REMEMBERED = 64;

/** Sums up frames one after the other, and remembers the requests, since an answer does not name its action. */
export class FrameSummaries {
  readonly #actions = new Map<string, string>();

  of(direction: LoggedFrame['direction'], { content: frame, text: shown }: VisibleFrame): FrameSummary {
    if (!Array.isArray(frame)) return { kind: 'unreadable', id: '', action: '', content: shown };
    const id = String(frame[1]);
    switch (frame[0]) {
      case 2: {
        const action = String(frame[2]);
        this.#remember(`${direction} ${id}`, action);
        return { kind: 'CALL', id, action, content: frame[3] };
      }
      case 3:
        return { kind: 'CALLRESULT', id, action: this.#recall(direction, id), content: frame[2] };
      case 4:
        return { kind: 'CALLERROR', id, action: this.#recall(direction, id), content: frame.slice(2) };
      default:
        return { kind: 'unreadable', id: '', action: '', content: shown };
    }
  }

  #remember(key: string, action: string): void {
    this.#actions.set(key, action);
    const [oldest] = this.#actions.keys();
    if (this.#actions.size > REMEMBERED && oldest !== undefined) this.#actions.delete(oldest);
  }

  /** An answer goes the other way than its request. */
  #recall(direction: LoggedFrame['direction'], id: string): string {
    const key = `${direction === 'in' ? 'out' : 'in'} ${id}`;
    const action = this.#actions.get(key) ?? '';
    this.#actions.delete(key);
    return action;
  }
}
