import { parseTimestamp } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';

/** A message for programs outside the mesh. */
export type ExternalMessage = readonly [topic: string, payload: string];

/**
 * The meter's topics of old dashboards: text with five decimals, under `/external/` with its leading slash.
 * @param moduleId the board's id in the configuration
 */
export function externalReadings(moduleId: string, reading: types.powermeter.Powermeter): readonly ExternalMessage[] {
  const { current_A: current, voltage_V: voltage, power_W: power, frequency_Hz: frequency } = reading;
  const { energy_Wh_import: imported, energy_Wh_export: exported } = reading;
  const temperatureC = reading.temperatures?.[0]?.temperature ?? 0;
  const totalKw = decimals((power?.total ?? 0) / 1000);
  const totalKwh = decimals(imported.total / 1000);
  const epochS = Math.floor((parseTimestamp(reading.timestamp) ?? 0) / 1000);
  const all = {
    time_stamp: epochS,
    total_importWattHr: imported.total,
    total_exportWattHr: exported?.total,
    wattL1: power?.L1,
    wattL2: power?.L2,
    wattL3: power?.L3,
    vrmsL1: voltage?.L1,
    vrmsL2: voltage?.L2,
    vrmsL3: voltage?.L3,
    irmsL1: current?.L1,
    irmsL2: current?.L2,
    irmsL3: current?.L3,
    irmsN: current?.N,
    import_wattHrL1: imported.L1,
    import_wattHrL2: imported.L2,
    import_wattHrL3: imported.L3,
    export_wattHrL1: exported?.L1,
    export_wattHrL2: exported?.L2,
    export_wattHrL3: exported?.L3,
    tempL1: temperatureC,
    tempL2: temperatureC,
    tempL3: temperatureC,
    freqL1: frequency?.L1,
    freqL2: frequency?.L2,
    freqL3: frequency?.L3,
  };
  return [
    ['/external/powermeter/vrmsL1', decimals(voltage?.L1 ?? 0)],
    ['/external/powermeter/phaseSeqError', String(reading.phase_seq_error ?? false)],
    ['/external/powermeter/time_stamp', String(epochS)],
    ['/external/powermeter/tempL1', decimals(temperatureC)],
    ['/external/powermeter/totalKw', totalKw],
    ['/external/powermeter/totalKWattHr', totalKwh],
    ['/external/powermeter_json', JSON.stringify([all])],
    [`/external/${moduleId}/powermeter/tempL1`, decimals(temperatureC)],
    [`/external/${moduleId}/powermeter/totalKw`, totalKw],
    [`/external/${moduleId}/powermeter/totalKWattHr`, totalKwh],
  ];
}

function decimals(value: number): string {
  return value.toFixed(5);
}
