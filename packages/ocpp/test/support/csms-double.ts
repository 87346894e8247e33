import { formatTimestamp, type VirtualClock } from '@chargemesh/base';
import type { Transport, TransportFactory, TransportListener } from '@chargemesh/ocpp-core';

type Frame = [number, string, ...unknown[]];
// biome-ignore lint/suspicious/noExplicitAny: a test looks into payloads that its own expectation types
type Payload = any;

/** A CSMS without a network: it accepts everything, numbers transactions 1, 2, 3 … and keeps what it was sent. */
export class CsmsDouble implements TransportFactory {
  readonly calls: { action: string; payload: Payload }[] = [];
  readonly urls: string[] = [];
  readonly #clock: VirtualClock;
  readonly #waiting = new Map<string, (frame: Frame) => void>();
  /** Actions that are answered by a CALLERROR. */
  readonly refuses: Set<string> = new Set();
  /** Answers in the place of the usual ones, by action. */
  readonly answers: Map<string, object> = new Map();
  /** False: nobody listens where the station dials. */
  reachable = true;
  #listener: TransportListener | undefined;
  #transactions = 0;
  #nextId = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  open({ url }: { url: string }, listener: TransportListener): Transport {
    this.urls.push(url);
    this.#listener = listener;
    queueMicrotask(() =>
      this.reachable ? listener.opened('ocpp1.6') : listener.closed({ reason: 'the connection was refused' }),
    );
    const end = (): void => {
      if (this.#listener !== listener) return;
      this.#listener = undefined;
      queueMicrotask(() => listener.closed({ code: 1000, reason: 'closed' }));
    };
    return {
      send: (text) => this.#take(text),
      ping: () => queueMicrotask(() => listener.ponged()),
      close: end,
      terminate: end,
    };
  }

  /** The payloads that the station sent with an action. */
  payloads(action: string): Payload[] {
    return this.calls.filter((call) => call.action === action).map(({ payload }) => payload);
  }

  /** The actions in their order, each with its status where it is a StatusNotification. */
  story(): string[] {
    return this.calls.map(({ action, payload }) =>
      action === 'StatusNotification' ? `${payload.connectorId} ${payload.status}` : action,
    );
  }

  /** Asks the station, and lets the mesh settle. @returns the answer's payload, or [code, description] of a CALLERROR */
  async call(action: string, payload: object): Promise<Payload> {
    const id = `csms-${this.#nextId++}`;
    let answer: Frame | undefined;
    this.#waiting.set(id, (frame) => {
      answer = frame;
    });
    this.#listener?.received(JSON.stringify([2, id, action, payload]));
    await this.#clock.settle();
    return answer?.[0] === 3 ? answer[2] : answer?.slice(2, 4);
  }

  /** The link breaks. */
  drop(): void {
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.closed({ reason: 'the connection broke' });
  }

  #take(text: string): void {
    const frame = JSON.parse(text) as Frame;
    const [type, id, action, payload] = frame;
    if (type !== 2) {
      this.#waiting.get(id)?.(frame);
      return;
    }
    this.calls.push({ action: String(action), payload });
    const answer = JSON.stringify(
      this.refuses.has(String(action)) ? [4, id, 'InternalError', 'no', {}] : [3, id, this.#answer(String(action))],
    );
    const listener = this.#listener;
    queueMicrotask(() => listener?.received(answer));
  }

  #answer(action: string): object {
    const given = this.answers.get(action);
    if (given) return given;
    const currentTime = formatTimestamp(this.#clock.wallMs());
    const idTagInfo = { status: 'Accepted' };
    switch (action) {
      case 'BootNotification':
        return { status: 'Accepted', currentTime, interval: 300 };
      case 'Heartbeat':
        return { currentTime };
      case 'StartTransaction':
        return { transactionId: ++this.#transactions, idTagInfo };
      case 'Authorize':
      case 'StopTransaction':
        return { idTagInfo };
      default:
        return {};
    }
  }
}
