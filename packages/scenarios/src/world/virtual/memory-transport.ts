import type { Clock } from '@chargemesh/base';
import type { Csms, LinkEvents } from '@chargemesh/csms';
import type {
  Transport,
  TransportClosed,
  TransportFactory,
  TransportListener,
  TransportOptions,
} from '@chargemesh/ocpp-core';

/** What a websocket on one machine takes. */
const USUAL_DELAY_MS = 1;

/** Looks on at the frames of the station, and may have one get lost. */
export interface FrameWatcher {
  connected(): void;
  /** @returns whether it arrives */
  sent(text: string): boolean;
  /** @returns whether it arrives */
  answered(text: string): boolean;
}

const NOBODY: FrameWatcher = { connected: () => {}, sent: () => true, answered: () => true };

/** Websockets without sockets between a station and a CSMS in one process, in virtual time. */
export class MemoryTransport implements TransportFactory {
  readonly #clock: Clock;
  readonly #csms: Csms;
  readonly #watcher: FrameWatcher;
  readonly #open = new Set<MemoryLink>();
  /** Answers nobody who wants to connect. */
  refusing = false;
  delayMs: number = USUAL_DELAY_MS;

  constructor(clock: Clock, csms: Csms, watcher: FrameWatcher = NOBODY) {
    this.#clock = clock;
    this.#csms = csms;
    this.#watcher = watcher;
  }

  open({ url }: TransportOptions, listener: TransportListener): Transport {
    const link = new MemoryLink(
      this.#clock,
      listener,
      () => this.delayMs,
      () => this.#open.delete(link),
      this.#watcher,
    );
    this.#open.add(link);
    this.#clock.setTimer(this.delayMs, () => {
      if (this.refusing) link.end({ reason: 'connect ECONNREFUSED' });
      else link.connect(this.#csms, decodeURIComponent(url.split('/').at(-1) ?? ''));
    });
    return link;
  }

  restore(): void {
    this.refusing = false;
    this.delayMs = USUAL_DELAY_MS;
  }

  /** The station's process is gone: the CSMS sees its connections end, and nobody is told here. */
  vanish(): void {
    for (const link of this.#open) link.vanish();
    this.#open.clear();
  }
}

class MemoryLink implements Transport {
  readonly #clock: Clock;
  readonly #listener: TransportListener;
  readonly #delayMs: () => number;
  readonly #onEnd: () => void;
  readonly #watcher: FrameWatcher;
  #events: LinkEvents | undefined;
  #state: 'connecting' | 'open' | 'ended' = 'connecting';
  /** What the station sent while the other side did not read; undefined while it does. */
  #unread: (() => void)[] | undefined;

  constructor(
    clock: Clock,
    listener: TransportListener,
    delayMs: () => number,
    onEnd: () => void,
    watcher: FrameWatcher,
  ) {
    this.#clock = clock;
    this.#listener = listener;
    this.#delayMs = delayMs;
    this.#onEnd = onEnd;
    this.#watcher = watcher;
  }

  connect(csms: Csms, station: string): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'open';
    this.#watcher.connected();
    this.#listener.opened('ocpp1.6');
    this.#events = csms.attach(station, {
      send: (text) =>
        this.#later(() => {
          if (this.#watcher.answered(text)) this.#listener.received(text);
        }),
      close: (how) =>
        this.end(how === 'clean' ? { code: 1001, reason: 'the CSMS goes' } : { reason: 'the connection broke' }),
      pause: () => {
        this.#unread = [];
      },
      resume: () => {
        const unread = this.#unread ?? [];
        this.#unread = undefined;
        for (const deliver of unread) deliver();
      },
    });
  }

  send(text: string): void {
    if (this.#state === 'open' && this.#watcher.sent(text))
      this.#later(() => this.#read(() => this.#events?.received(text)));
  }

  ping(): void {
    this.#later(() => this.#read(() => this.#later(() => this.#listener.ponged())));
  }

  close(code: number, reason: string): void {
    this.#later(() => this.end({ code, reason }));
  }

  terminate(): void {
    this.end({ reason: 'terminated' });
  }

  end(why: TransportClosed): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#onEnd();
    this.#events?.closed();
    this.#listener.closed(why);
  }

  vanish(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#events?.closed();
  }

  #read(deliver: () => void): void {
    if (this.#unread) this.#unread.push(deliver);
    else deliver();
  }

  #later(work: () => void): void {
    this.#clock.setTimer(this.#delayMs(), () => {
      if (this.#state === 'open') work();
    });
  }
}
