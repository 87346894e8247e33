import { parseTimestamp } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { MeterReading, PhaseValues, SignedMeterValue } from '@chargemesh/ocpp-core';

/** A power meter's sample as OCPP's meter values want it. A time that cannot be read becomes `receivedMs`. */
export function meterReading(meter: types.powermeter.Powermeter, receivedMs: number): MeterReading {
  return {
    timestampMs: parseTimestamp(meter.timestamp) ?? receivedMs,
    energyImportWh: phases(meter.energy_Wh_import),
    ...(meter.energy_Wh_export && { energyExportWh: phases(meter.energy_Wh_export) }),
    ...(meter.power_W && { powerW: phases(meter.power_W) }),
    ...(meter.voltage_V && { voltageV: phases(meter.voltage_V) }),
    ...(meter.current_A && { currentA: phases(meter.current_A) }),
    ...(meter.frequency_Hz && { frequencyHz: phases(meter.frequency_Hz) }),
    ...(meter.temperatures && {
      temperaturesC: meter.temperatures.map(({ temperature, location }) => ({
        valueC: temperature,
        ...(location !== undefined && { location }),
      })),
    }),
  };
}

/** A meter's signed record with the time that OCPP gives it, or undefined where there is none. */
export function signedMeterValue(
  signed: types.units_signed.SignedMeterValue | undefined,
  timestampMs: number,
): SignedMeterValue | undefined {
  return signed && { value: signed.signed_meter_data, timestampMs };
}

function phases(values: PhaseValues): PhaseValues {
  const { total, L1, L2, L3, N, DC } = values;
  return {
    ...(total !== undefined && { total }),
    ...(L1 !== undefined && { L1 }),
    ...(L2 !== undefined && { L2 }),
    ...(L3 !== undefined && { L3 }),
    ...(N !== undefined && { N }),
    ...(DC !== undefined && { DC }),
  };
}
