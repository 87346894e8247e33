import type { BusMessage, BusSubscription, Topics } from '@chargemesh/framework';
import {
  activityOf,
  afterErrors,
  afterLeaving,
  afterLimits,
  afterMeter,
  afterSessionEvent,
  type EvseActivity,
  type EvseFacts,
  quietEvse,
} from './evse-activity.ts';
import { readObject, readValue } from './read-value.ts';
import type { EvseLayout } from './station-layout.ts';

/** The part of a mesh that is listened to. */
export interface WatchedMesh {
  readonly topics: Topics;
  subscribe(filters: readonly string[], listener: (message: BusMessage) => void): Promise<BusSubscription>;
}

type Take = (facts: EvseFacts, payload: string) => EvseFacts;

const EVSE = 'evse';

/** Follows what the EVSEs of a mesh are doing, by their session events, meters, limits and errors. */
export class EvseWatch {
  readonly #evses: readonly EvseLayout[];
  readonly #facts = new Map<string, EvseFacts>();

  private constructor(evses: readonly EvseLayout[]) {
    this.#evses = evses;
    for (const { moduleId } of evses) this.#facts.set(moduleId, quietEvse);
  }

  /** Begins to listen; what was said before is not heard, so it is to begin with the mesh. */
  static async start(mesh: WatchedMesh, evses: readonly EvseLayout[]): Promise<EvseWatch> {
    const watch = new EvseWatch(evses);
    const taken = new Map(evses.flatMap(({ moduleId }) => watch.#topics(mesh.topics, moduleId)));
    if (taken.size > 0)
      await mesh.subscribe([...taken.keys()], ({ topic, payload }) => {
        const found = taken.get(topic);
        const facts = found && watch.#facts.get(found.moduleId);
        if (facts) watch.#facts.set(found.moduleId, found.take(facts, payload));
      });
    return watch;
  }

  /** In the order of the station's layout. */
  activities(): readonly (EvseActivity & { readonly evse: number })[] {
    return this.#evses.map(({ evse, moduleId }) => ({ evse, ...activityOf(this.#facts.get(moduleId) ?? quietEvse) }));
  }

  #topics(topics: Topics, moduleId: string): [string, { moduleId: string; take: Take }][] {
    const own = (topic: string, take: Take): [string, { moduleId: string; take: Take }] => [topic, { moduleId, take }];
    const both = (variable: string, after: (facts: EvseFacts, value: Record<string, unknown>) => EvseFacts) =>
      [topics.variable(moduleId, EVSE, variable), topics.keptVariable(moduleId, EVSE, variable)].map((topic) =>
        own(topic, (facts, payload) => {
          const value = readValue(payload);
          return value ? after(facts, value) : facts;
        }),
      );
    return [
      ...both('session_event', afterSessionEvent),
      ...both('powermeter', afterMeter),
      ...both('limits', afterLimits),
      own(topics.status(moduleId), (facts, payload) =>
        readObject(payload).state === 'gone' ? afterLeaving(facts) : facts,
      ),
      own(topics.keptErrors(moduleId, EVSE), (facts, payload) => afterErrors(facts, readErrors(payload))),
    ];
  }
}

/** The list of active errors; the topic is cleared when its module leaves. */
function readErrors(payload: string): readonly unknown[] {
  try {
    const errors: unknown = payload === '' ? [] : JSON.parse(payload);
    return Array.isArray(errors) ? errors : [];
  } catch {
    return [];
  }
}
