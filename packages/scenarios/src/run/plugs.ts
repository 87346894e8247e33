import { decodeVariable } from '@chargemesh/framework';
import type { EvseLayout } from '@chargemesh/manager';
import type { SeenMessage, World } from '../world/world.ts';

/** What a board says of its relay, in the same place. */
const OF_THE_RELAY: ReadonlySet<unknown> = new Set(['PowerOn', 'PowerOff']);

/** Follows whether a car is plugged in at each EVSE, by what its board has seen last. */
export class Plugs {
  readonly #evses: ReadonlyMap<string, number>;
  readonly #letters = new Map<number, unknown>();

  constructor({ layout, topics }: Pick<World, 'layout' | 'topics'>) {
    const topicOf = ({ boardId, evse }: EvseLayout): [string, number][] =>
      boardId === undefined ? [] : [[topics.variable(boardId, 'board_support', 'event'), evse]];
    this.#evses = new Map(layout.evses.flatMap(topicOf));
  }

  take({ topic, payload, retained }: SeenMessage): void {
    const evse = this.#evses.get(topic);
    if (evse === undefined || retained || payload === '') return;
    const { event } = decodeVariable(payload) as { readonly event?: unknown };
    if (!OF_THE_RELAY.has(event)) this.#letters.set(evse, event);
  }

  /** Whether the board has seen that nothing is plugged in. */
  isFree(evse: number): boolean {
    return this.#letters.get(evse) === 'A';
  }
}
