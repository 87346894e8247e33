import { type Clock, type Logger, messageOf, type Random, type Timer } from '@chargemesh/base';
import { BackOff, type BackOffRule } from './back-off.ts';
import { PingPong, type PingRule } from './ping-pong.ts';
import type { Transport, TransportClosed, TransportFactory, TransportOptions } from './transport.ts';

/** A CSMS may answer the upgrade only seconds later; after this long it will not. */
const OPEN_TIMEOUT_MS = 60_000;
/** The pause before dialling again with options that could not be made (F-11), or after a close of our own (F-23). */
const OWN_PAUSE_MS = 2_000;

/** What {@link Link} stands on. */
export interface LinkParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly transport: TransportFactory;
  /** What to dial, made anew for each attempt. May throw: that attempt has failed. */
  readonly options: () => TransportOptions;
  readonly backOff: () => BackOffRule;
  readonly ping: () => PingRule;
  readonly up: () => void;
  /** Told once for each {@link up}, and for each attempt that failed (`wasUp` false). */
  readonly down: (why: TransportClosed, wasUp: boolean) => void;
  readonly received: (text: string) => void;
}

type State =
  | { readonly kind: 'off' }
  | { readonly kind: 'waiting'; readonly timer: Timer }
  | { readonly kind: 'opening'; readonly transport: Transport; readonly timer: Timer; readonly redial: Redial }
  | { readonly kind: 'open'; readonly transport: Transport; readonly ping: PingPong; readonly redial: Redial };

/** What follows the end of the present connection. */
type Redial = 'backOff' | 'soon' | 'never';

/** Keeps a connection to the CSMS: dials, dials again, notices when the other side is gone. */
export class Link {
  readonly #parts: LinkParts;
  readonly #backOff: BackOff;
  #state: State = { kind: 'off' };
  /** Connections are told apart by number: a late word of an old one is not heeded. */
  #attempt = 0;
  /** Why options could not be made, as said last: it is tried every two seconds, and said once. */
  #saidFault: string | undefined;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.#backOff = new BackOff(parts.random, parts.backOff);
  }

  get up(): boolean {
    return this.#state.kind === 'open';
  }

  /** Connects, unless it does already. */
  connect(): void {
    switch (this.#state.kind) {
      case 'off':
        this.#dial();
        return;
      case 'waiting':
        this.#state.timer.cancel();
        this.#dial();
        return;
      case 'opening':
      case 'open':
        this.#state = { ...this.#state, redial: 'backOff' };
    }
  }

  /** Closes and stays closed. */
  disconnect(reason: string): void {
    this.#close('never', 1000, reason);
  }

  /** Closes and dials again soon, for new options to take effect. */
  redial(reason: string): void {
    this.#close('soon', 1012, reason);
  }

  /** Sends a text. Where the link is down it is dropped. */
  send(text: string): void {
    if (this.#state.kind === 'open') this.#state.transport.send(text);
  }

  /** The rule for pings has changed. */
  pingChanged(): void {
    if (this.#state.kind === 'open') this.#state.ping.start();
  }

  #close(redial: Redial, code: number, reason: string): void {
    switch (this.#state.kind) {
      case 'off':
        return;
      case 'waiting':
        this.#state.timer.cancel();
        this.#state = { kind: 'off' };
        if (redial === 'soon') this.#wait(OWN_PAUSE_MS);
        return;
      case 'opening':
        this.#state = { ...this.#state, redial };
        this.#state.transport.terminate();
        return;
      case 'open':
        this.#state = { ...this.#state, redial };
        this.#state.transport.close(code, reason);
        return;
    }
  }

  #dial(): void {
    const { clock, log, options, transport } = this.#parts;
    const attempt = ++this.#attempt;
    let dialled: TransportOptions;
    try {
      dialled = options();
    } catch (thrown) {
      const reason = messageOf(thrown);
      if (reason !== this.#saidFault) log.error('cannot connect to the CSMS', { reason });
      this.#saidFault = reason;
      this.#wait(OWN_PAUSE_MS);
      this.#parts.down({ reason }, false);
      return;
    }
    this.#saidFault = undefined;
    log.info('connecting to the CSMS', { url: dialled.url });
    const current = (): boolean => attempt === this.#attempt;
    const opening = transport.open(dialled, {
      opened: () => {
        if (current()) this.#opened();
      },
      received: (text) => {
        if (current() && this.up) this.#parts.received(text);
      },
      ponged: () => {
        if (current() && this.#state.kind === 'open') this.#state.ping.ponged();
      },
      closed: (why) => {
        if (current()) this.#closed(why);
      },
    });
    const timer = clock.setTimer(OPEN_TIMEOUT_MS, () => opening.terminate());
    this.#state = { kind: 'opening', transport: opening, timer, redial: 'backOff' };
  }

  #opened(): void {
    if (this.#state.kind !== 'opening') return;
    const { transport, timer, redial } = this.#state;
    timer.cancel();
    this.#backOff.reset();
    const ping = new PingPong({
      clock: this.#parts.clock,
      rule: this.#parts.ping,
      ping: (payload) => transport.ping(payload),
      lost: () => {
        this.#parts.log.warn('the CSMS did not answer a ping');
        transport.terminate();
      },
    });
    this.#state = { kind: 'open', transport, ping, redial };
    ping.start();
    this.#parts.log.info('connected to the CSMS');
    this.#parts.up();
  }

  #closed(why: TransportClosed): void {
    const before = this.#state;
    if (before.kind !== 'opening' && before.kind !== 'open') return;
    if (before.kind === 'opening') before.timer.cancel();
    else before.ping.stop();
    this.#attempt++;
    this.#state = { kind: 'off' };
    if (before.redial === 'never') this.#parts.log.info('the connection to the CSMS was closed', { ...why });
    else this.#parts.log.warn('no connection to the CSMS', { ...why });
    switch (before.redial) {
      case 'backOff':
        this.#wait(this.#backOff.nextMs());
        break;
      case 'soon':
        this.#wait(OWN_PAUSE_MS);
        break;
      case 'never':
    }
    this.#parts.down(why, before.kind === 'open');
  }

  #wait(delayMs: number): void {
    this.#state = { kind: 'waiting', timer: this.#parts.clock.setTimer(delayMs, () => this.#dial()) };
  }
}
