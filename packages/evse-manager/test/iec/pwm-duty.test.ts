import { expect, test } from '@jest/globals';
import { dutyPercentFor } from '../../src/iec/pwm-duty.ts';

test.each([
  [0, 100],
  [5.89, 100],
  [5.9, 10],
  [6, 10],
  [6.1, 10],
  [6.2, 6.2 / 0.6],
  [10, 16.6667],
  [16, 26.6667],
  [32, 53.3333],
  [51, 85],
  [52, 85],
  [52.5, 85],
  [63, 89.2],
  [80, 96],
  [80.05, 97],
  [81, 100],
])('%p A are offered by a duty cycle of %p %%', (limitA, percent) => {
  expect(dutyPercentFor(limitA)).toBeCloseTo(percent, 3);
});
