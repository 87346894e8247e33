import { expect, test } from '@jest/globals';
import { energyTransferModes } from '../../src/energy/energy-transfer-modes.ts';

test('the phases of the hardware are its ways to give AC', () => {
  const modes = (min_phase_count_import: number, max_phase_count_import: number) =>
    energyTransferModes({ min_phase_count_import, max_phase_count_import });
  expect(modes(1, 3)).toEqual(['AC_single_phase_core', 'AC_two_phase', 'AC_three_phase_core']);
  expect(modes(1, 1)).toEqual(['AC_single_phase_core']);
  expect(modes(3, 3)).toEqual(['AC_three_phase_core']);
});
