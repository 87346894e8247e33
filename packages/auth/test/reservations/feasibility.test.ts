import { SeededRandom } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import type { ConnectorType } from '../../src/evse.ts';
import { allFindPlaces, fits, type Place } from '../../src/reservations/feasibility.ts';

/** The definition, word for word: each order of arrival, each way to park. */
function byTrial(cars: readonly ConnectorType[], places: readonly Place[]): boolean {
  return cars.every((car, at) => {
    const rest = cars.filter((_, index) => index !== at);
    const open = places.map((place, index) => ({ place, index })).filter(({ place }) => fits(car, place));
    return (
      open.length > 0 &&
      open.every(({ index }) =>
        byTrial(
          rest,
          places.filter((_, other) => other !== index),
        ),
      )
    );
  });
}

describe('whether all cars find a place', () => {
  test.each<[string, ConnectorType[], Place[], boolean]>([
    ['nobody comes', [], [], true],
    ['one car and no place', ['cType2'], [], false],
    ['one car, one place', ['cType2'], [['cType2']], true],
    ['the wrong connector', ['cType2'], [['cCCS2']], false],
    ['one connector of two fits', ['cType2'], [['cCCS2', 'cType2']], true],
    ['a car of any kind may take the place of the other', ['cType2', 'Unknown'], [['cType2'], ['cCCS2']], false],
    ['with one place more it may not', ['cType2', 'Unknown'], [['cType2'], ['cType2']], true],
    ['what is not known of a place fits all', ['cType2', 'cCCS2'], [['Unknown'], ['Unknown']], true],
    ['two that fit both, one that fits one', ['cType2', 'cCCS2'], [['cType2', 'cCCS2'], ['cCCS2']], false],
  ])('%s', (_, cars, places, expected) => {
    expect(allFindPlaces(cars, places)).toBe(expected);
    expect(byTrial(cars, places)).toBe(expected);
  });

  test('is the same as trying it out, for a thousand random stations', () => {
    const random = new SeededRandom(7);
    const kinds: ConnectorType[] = ['cType2', 'cCCS2', 'cG105', 'Unknown'];
    const kind = (): ConnectorType => kinds[random.integer(0, 3)] ?? 'Unknown';
    for (let round = 0; round < 1000; round++) {
      const cars = Array.from({ length: random.integer(0, 4) }, kind);
      const places = Array.from({ length: random.integer(0, 5) }, () =>
        Array.from({ length: random.integer(1, 2) }, kind),
      );
      expect([cars, places, allFindPlaces(cars, places)]).toEqual([cars, places, byTrial(cars, places)]);
    }
  });
});
