import type { types } from '@chargemesh/contracts';

const byPhases: readonly (readonly [phases: number, mode: types.iso15118.EnergyTransferMode])[] = [
  [1, 'AC_single_phase_core'],
  [2, 'AC_two_phase'],
  [3, 'AC_three_phase_core'],
];

/** The ways in which hardware with so many phases can give AC. */
export function energyTransferModes(
  hardware: Pick<types.evse_board_support.HardwareCapabilities, 'min_phase_count_import' | 'max_phase_count_import'>,
): readonly types.iso15118.EnergyTransferMode[] {
  return byPhases
    .filter(([phases]) => phases >= hardware.min_phase_count_import && phases <= hardware.max_phase_count_import)
    .map(([, mode]) => mode);
}
