import { describe, expect, test } from '@jest/globals';
import { parseAlgorithm, select } from '../src/selection.ts';
import { Station } from './station.ts';

describe('the selection algorithm', () => {
  const station = new Station({ evses: 3 });
  const evses = station.auth.evses.all;

  test.each([
    ['PlugEvents', [2, 3], 2],
    ['PlugEventsLIFO', [2, 3], 3],
    ['FindFirst', [2, 3], 2],
    ['FindFirst', [], 1],
    ['PlugEvents', [], undefined],
    ['PlugEventsLIFO', [], undefined],
  ] as const)('%s with %j plugged takes %s', (algorithm, plugged, expected) => {
    expect(select(algorithm, evses, plugged)?.id).toBe(expected);
  });

  test.each([
    [[], 3],
    // Where a car stands its driver has to hear that he may not.
    [[1], 1],
  ])(
    'FindFirst passes over an EVSE where the token may not charge, unless its car stands there: %j',
    (plugged, taken) => {
      expect(select('FindFirst', evses, plugged, ({ id }) => id === 3)?.id).toBe(taken);
    },
  );

  test('FindFirst takes the first where the token may charge nowhere', () => {
    expect(select('FindFirst', evses, [], () => false)?.id).toBe(1);
  });

  test('one candidate is taken whatever the algorithm, plugged or not', () => {
    expect(select('PlugEvents', evses.slice(1, 2), [])?.id).toBe(2);
  });

  test('an EVSE that cannot be used is passed over', () => {
    const broken = new Station({ evses: 2 });
    broken.auth.sessions.takeFault(broken.evse(1), true);
    expect(select('FindFirst', broken.auth.evses.all, [])?.id).toBe(2);
  });
});

describe('the configuration key', () => {
  test.each([
    ['PlugEvents', 'PlugEvents'],
    ['PlugEventsFIFO', 'PlugEvents'],
    ['PlugEventsLIFO', 'PlugEventsLIFO'],
    ['FindFirst', 'FindFirst'],
  ])('%s is taken, as %s', (name, algorithm) => {
    expect(parseAlgorithm('auth', name)).toBe(algorithm);
  });
  test.each([
    ['UserInput', 'auth: selection_algorithm: UserInput exists in name only'],
    ['Random', 'auth: selection_algorithm: Random is no selection algorithm'],
  ])('%s is refused', (name, message) => {
    expect(() => parseAlgorithm('auth', name)).toThrow(message);
  });
});
