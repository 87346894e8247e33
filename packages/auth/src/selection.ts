import { ChargemeshError } from '@chargemesh/base';
import type { Evse } from './evse.ts';

/** How a token finds its EVSE. */
export type SelectionAlgorithm = 'PlugEvents' | 'PlugEventsLIFO' | 'FindFirst';

const KNOWN: readonly string[] = ['PlugEvents', 'PlugEventsLIFO', 'FindFirst'] satisfies SelectionAlgorithm[];

/**
 * Reads the configuration key `selection_algorithm`.
 * @throws ChargemeshError `SELECTION_ALGORITHM` for anything that is not carried out, UserInput among it
 */
export function parseAlgorithm(moduleId: string, value: string): SelectionAlgorithm {
  if (isKnown(value)) return value;
  const why = value === 'UserInput' ? 'UserInput exists in name only' : `${value} is no selection algorithm`;
  throw new ChargemeshError(
    'SELECTION_ALGORITHM',
    `${moduleId}: selection_algorithm: ${why}; use one of ${KNOWN.join(', ')}`,
    { details: { value } },
  );
}

const isKnown = (value: string): value is SelectionAlgorithm => KNOWN.includes(value);

/**
 * The EVSE for a token, or undefined when it has to wait for a car.
 *
 * @param candidates those that the token may be used at and that hold no authorization
 * @param plugged EVSE ids of waiting cars, the oldest first
 */
export function select(
  algorithm: SelectionAlgorithm,
  candidates: readonly Evse[],
  plugged: readonly number[],
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
    case 'FindFirst':
      return waiting[0] ?? [...open].sort((a, b) => a.id - b.id)[0];
  }
}
