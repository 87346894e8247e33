import { ChargemeshError } from '@chargemesh/base';
import type { Evse } from './evse.ts';

/** How a token finds its EVSE. */
export type SelectionAlgorithm = 'PlugEvents' | 'PlugEventsLIFO' | 'FindFirst';

/** By the names that a configuration may use; PlugEventsFIFO says the same as PlugEvents. */
const ALGORITHMS: ReadonlyMap<string, SelectionAlgorithm> = new Map([
  ['PlugEvents', 'PlugEvents'],
  ['PlugEventsFIFO', 'PlugEvents'],
  ['PlugEventsLIFO', 'PlugEventsLIFO'],
  ['FindFirst', 'FindFirst'],
]);

/**
 * Reads the configuration key `selection_algorithm`.
 * @throws ChargemeshError `SELECTION_ALGORITHM` for anything that is not carried out, UserInput among it
 */
export function parseAlgorithm(moduleId: string, value: string): SelectionAlgorithm {
  const algorithm = ALGORITHMS.get(value);
  if (algorithm) return algorithm;
  const why = value === 'UserInput' ? 'UserInput exists in name only' : `${value} is no selection algorithm`;
  throw new ChargemeshError(
    'SELECTION_ALGORITHM',
    `${moduleId}: selection_algorithm: ${why}; use one of ${[...ALGORITHMS.keys()].join(', ')}`,
    { details: { value } },
  );
}

/**
 * The EVSE for a token, or undefined when it has to wait for a car.
 *
 * @param candidates those that the token may be used at and that hold no authorization
 * @param plugged EVSE ids of waiting cars, the oldest first
 * @param suits whether the token may charge at an EVSE. Where a car stands there its driver has to hear that he may not; without a car the
 *   token goes where it may.
 */
export function select(
  algorithm: SelectionAlgorithm,
  candidates: readonly Evse[],
  plugged: readonly number[],
  suits: (evse: Evse) => boolean = () => true,
): Evse | undefined {
  const open = candidates.filter((evse) => evse.available);
  // Where there is nothing to choose the car may come later.
  if (candidates.length === 1) return open[0];
  const waiting = plugged.flatMap((id) => open.find((evse) => evse.id === id && !evse.transactionActive) ?? []);
  switch (algorithm) {
    case 'PlugEvents':
      return waiting[0];
    case 'PlugEventsLIFO':
      return waiting.at(-1);
    case 'FindFirst': {
      const byId = [...open].sort((a, b) => a.id - b.id);
      return waiting[0] ?? byId.find(suits) ?? byId[0];
    }
  }
}
