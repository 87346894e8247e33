import { type Clock, formatTimestamp } from '@chargemesh/base';
import type { Transport, TransportFactory, TransportListener, TransportOptions } from '../../src/index.ts';

/** How the CSMS meets a request: an answer, a CALLERROR, or silence. */
export type Reaction = object | { readonly error: string } | 'silence';

/** How requests of one action are met, by payload and count. */
export type Rule<P> = (payload: P, attempt: number) => Reaction;

/** A frame as it came from the station. */
export interface Heard {
  readonly atMs: number;
  readonly text: string;
  readonly frame: readonly unknown[];
}

/** A CSMS at the other end of a pair of strings. Answers everything with Accepted, unless told otherwise. */
export class FakeCsms implements TransportFactory {
  readonly heard: Heard[] = [];
  readonly dialled: TransportOptions[] = [];
  readonly pings: string[] = [];
  readonly #clock: Clock;
  readonly #reactions = new Map<string, Rule<never>>();
  readonly #attempts = new Map<string, number>();
  readonly #answers = new Map<string, (frame: readonly unknown[]) => void>();
  reachable = true;
  /** Whether pings are answered. */
  pongs = true;
  /** How long an answer takes. */
  delayMs = 0;
  #listener: TransportListener | undefined;
  #nextTransactionId = 1;
  #nextCall = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.on('BootNotification', () => ({ status: 'Accepted', currentTime: this.now(), interval: 300 }));
    this.on('Heartbeat', () => ({ currentTime: this.now() }));
    this.on('Authorize', () => ({ idTagInfo: { status: 'Accepted' } }));
    this.on('StartTransaction', () => ({
      transactionId: this.#nextTransactionId++,
      idTagInfo: { status: 'Accepted' },
    }));
    this.on('StopTransaction', () => ({ idTagInfo: { status: 'Accepted' } }));
  }

  get connected(): boolean {
    return this.#listener !== undefined;
  }

  now(): string {
    return formatTimestamp(this.#clock.wallMs());
  }

  /** Says how requests of one action are met. @param attempt counts them from 1 */
  on<P = never>(action: string, reaction: Reaction | Rule<P>): void {
    this.#reactions.set(action, isRule(reaction) ? reaction : () => reaction);
    this.#attempts.delete(action);
  }

  open(options: TransportOptions, listener: TransportListener): Transport {
    this.dialled.push(options);
    let closed = false;
    const close = (code?: number, reason = 'closed'): void => {
      if (closed) return;
      closed = true;
      if (this.#listener === listener) this.#listener = undefined;
      this.#clock.setTimer(0, () => listener.closed({ ...(code === undefined ? {} : { code }), reason }));
    };
    if (!this.reachable) close(undefined, 'refused');
    else
      this.#clock.setTimer(0, () => {
        if (closed) return;
        this.#listener = listener;
        listener.opened('ocpp1.6');
      });
    return {
      send: (text) => {
        if (!closed) this.#received(text);
      },
      ping: (payload) => {
        this.pings.push(payload);
        if (this.pongs) this.#clock.setTimer(0, () => void (closed || listener.ponged()));
      },
      close,
      terminate: () => close(undefined, 'terminated'),
    };
  }

  /** Breaks the connection. */
  drop(): void {
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.closed({ reason: 'broken' });
  }

  /** The station is dead: nobody is there to hear that the connection is gone. */
  lose(): void {
    this.#listener = undefined;
  }

  /** Sends any text to the station. */
  send(text: string): void {
    this.#listener?.received(text);
  }

  /** Sends a request and waits for its answer: `[3, id, payload]` or `[4, id, code, …]`. */
  call(action: string, payload: object): Promise<readonly unknown[]> {
    const id = `csms-${this.#nextCall++}`;
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.send(JSON.stringify([2, id, action, payload]));
    });
  }

  /** The requests of the station so far, as `[action, payload]`. */
  requests(...actions: string[]): [string, Record<string, unknown>][] {
    return this.heard.flatMap(({ frame: [type, , action, payload] }): [string, Record<string, unknown>][] =>
      type === 2 && (actions.length === 0 || actions.includes(String(action)))
        ? [[String(action), payload as Record<string, unknown>]]
        : [],
    );
  }

  /** The payloads of all requests of one action. */
  payloads(action: string): Record<string, unknown>[] {
    return this.requests(action).map(([, payload]) => payload);
  }

  /** Statuses told of a connector, in order. */
  statuses(connectorId: number): string[] {
    return this.payloads('StatusNotification')
      .filter((payload) => payload.connectorId === connectorId)
      .map((payload) => String(payload.status));
  }

  forget(): void {
    this.heard.length = 0;
  }

  #received(text: string): void {
    const frame: readonly unknown[] = JSON.parse(text);
    this.heard.push({ atMs: this.#clock.monotonicMs(), text, frame });
    const [type, id, action, payload] = frame;
    if (type !== 2) {
      const waiting = this.#answers.get(String(id));
      this.#answers.delete(String(id));
      waiting?.(frame);
      return;
    }
    const name = String(action);
    const attempt = (this.#attempts.get(name) ?? 0) + 1;
    this.#attempts.set(name, attempt);
    const reaction = this.#reactions.get(name)?.(payload as never, attempt) ?? {};
    if (reaction === 'silence') return;
    const answer = 'error' in reaction ? [4, id, reaction.error, '', {}] : [3, id, reaction];
    const listener = this.#listener;
    this.#clock.setTimer(this.delayMs, () => void (this.#listener === listener && this.send(JSON.stringify(answer))));
  }
}

function isRule<P>(reaction: Reaction | Rule<P>): reaction is Rule<P> {
  return typeof reaction === 'function';
}
