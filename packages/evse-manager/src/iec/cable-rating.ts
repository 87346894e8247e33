import type { types } from '@chargemesh/contracts';

/**
 * What a cable carries by its proximity resistor, in ampere.
 * @returns undefined where the resistor says nothing
 * @see IEC 61851-1 Table B.2
 */
export function cableRatingA(
  ampacity: types.board_support_common.ProximityPilot['ampacity'],
  maxPhases: number,
): number | undefined {
  switch (ampacity) {
    case 'None':
      return undefined;
    case 'A_13':
      return 13;
    case 'A_20':
      return 20;
    case 'A_32':
      return 32;
    case 'A_63_3ph_70_1ph':
      return maxPhases === 1 ? 70 : 63;
  }
}
