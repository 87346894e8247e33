import type { types } from '@chargemesh/contracts';

const W_PER_KW = 1_000;

/** A meter's value as programs outside the mesh read it: topics below the EVSE's own, each with its text. */
export function meterTexts(value: types.powermeter.Powermeter): readonly (readonly [topic: string, text: string])[] {
  const kWh = (energyWh: number | undefined): string => ((energyWh ?? 0) / W_PER_KW).toFixed(5);
  return [
    ['powermeter/phaseSeqError', String(value.phase_seq_error ?? false)],
    ['powermeter/time_stamp', value.timestamp],
    ['powermeter/totalKw', ((value.power_W?.total ?? 0) / W_PER_KW).toFixed(1)],
    ['powermeter/totalKWattHr', kWh(value.energy_Wh_import.total)],
    ['powermeter/totalExportKWattHr', kWh(value.energy_Wh_export?.total)],
    ['powermeter_json', JSON.stringify(value)],
  ];
}
