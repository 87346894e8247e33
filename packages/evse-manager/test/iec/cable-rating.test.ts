import { expect, test } from '@jest/globals';
import { cableRatingA } from '../../src/iec/cable-rating.ts';

test('a cable is rated by its resistor, the thickest one by the phases too', () => {
  expect(cableRatingA('None', 3)).toBeUndefined();
  expect(cableRatingA('A_13', 3)).toBe(13);
  expect(cableRatingA('A_20', 3)).toBe(20);
  expect(cableRatingA('A_32', 3)).toBe(32);
  expect(cableRatingA('A_63_3ph_70_1ph', 3)).toBe(63);
  expect(cableRatingA('A_63_3ph_70_1ph', 1)).toBe(70);
});
