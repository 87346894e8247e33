import type { types } from '@chargemesh/contracts';

/** What a board of 32 A on three phases says of itself, with a cable of its own. */
export const boardCapabilities: types.evse_board_support.HardwareCapabilities = {
  max_current_A_import: 32,
  min_current_A_import: 6,
  max_phase_count_import: 3,
  min_phase_count_import: 1,
  max_current_A_export: 16,
  min_current_A_export: 0,
  max_phase_count_export: 3,
  min_phase_count_export: 1,
  supports_changing_phases_during_charging: true,
  supports_cp_state_E: false,
  connector_type: 'IEC62196Type2Cable',
};
