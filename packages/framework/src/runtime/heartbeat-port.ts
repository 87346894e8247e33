import { formatTimestamp, messageOf, type Timer } from '@chargemesh/base';
import type { BusSubscription } from '../bus/bus.ts';
import type { Heartbeat } from '../module/module.ts';
import type { RuntimeCore } from './runtime-core.ts';

const PERIOD_MS = 1000;

/** Signs of life on the status topic of a module, beside the retained word on its state: not kept, so that none is ever an old one. */
export class HeartbeatPort implements Heartbeat {
  readonly #core: RuntimeCore;
  #timer: Timer | undefined;

  constructor(core: RuntimeCore) {
    this.#core = core;
  }

  beat(on: boolean): void {
    if (on === (this.#timer !== undefined)) return;
    this.#timer?.cancel();
    this.#timer = on ? this.#core.clock.setPeriodic(PERIOD_MS, () => this.#send()) : undefined;
    if (on) this.#send();
  }

  watch(moduleId: string, listener: (sign: 'alive' | 'gone') => void): () => void {
    const { bus, topics, log } = this.#core;
    let subscription: Promise<BusSubscription> | undefined = bus.subscribe(
      [topics.status(moduleId)],
      ({ payload, retained }) => {
        const sign = retained ? undefined : readSign(payload);
        if (subscription && sign) listener(sign);
      },
      { qos: 0 },
    );
    subscription.catch((error) => log.warn(`the heartbeat of ${moduleId} cannot be heard: ${messageOf(error)}`));
    return () => {
      subscription?.then((open) => open.close()).catch(() => {});
      subscription = undefined;
    };
  }

  #send(): void {
    const { bus, topics, info, clock } = this.#core;
    const sign = { module: info.name, pid: process.pid, state: 'ready', heartbeat: formatTimestamp(clock.wallMs()) };
    // Away from the broker there is nobody to hear it.
    bus.publish(topics.status(info.id), JSON.stringify(sign), { qos: 0 }).catch(() => {});
  }
}

function readSign(payload: string): 'alive' | 'gone' | undefined {
  if (payload === '') return undefined;
  const { state, heartbeat } = JSON.parse(payload) as { state?: unknown; heartbeat?: unknown };
  if (state === 'gone') return 'gone';
  return heartbeat === undefined ? undefined : 'alive';
}
