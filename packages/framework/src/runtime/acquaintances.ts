import { messageOf } from '@chargemesh/base';
import { Peer } from './peer.ts';
import type { RuntimeCore } from './runtime-core.ts';

/**
 * Which modules give signs of their presence, as those of Chargemesh do: also those that this one has no requirement on, such as whoever
 * calls it.
 */
export class Acquaintances {
  readonly #core: RuntimeCore;
  readonly #peers: ReadonlyMap<string, Peer>;
  readonly #others = new Map<string, Peer>();

  /** @param peers whose status is heard anyway */
  constructor(core: RuntimeCore, peers: ReadonlyMap<string, Peer>) {
    this.#core = core;
    this.#peers = peers;
  }

  /** Whether this module has ever told of its presence. It is listened to from the first question on. */
  knows(moduleId: string): boolean {
    const peer = this.#peers.get(moduleId) ?? this.#others.get(moduleId);
    if (peer) return peer.known;
    const other = new Peer(moduleId);
    this.#others.set(moduleId, other);
    const { bus, topics, log } = this.#core;
    bus
      .subscribe([topics.status(moduleId)], (message) => void other.hear(message))
      .catch((error) => log.warn(`the presence of ${moduleId} cannot be heard: ${messageOf(error)}`));
    return false;
  }
}
