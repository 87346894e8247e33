import { expect, test } from '@jest/globals';
import { meterReading, signedMeterValue } from '../../src/conversions/meter-reading.ts';

test('each register of the meter is carried over, phases and neutral included', () => {
  const reading = meterReading(
    {
      timestamp: '2026-01-01T00:00:00.500Z',
      energy_Wh_import: { total: 1, L1: 2 },
      energy_Wh_export: { total: 3 },
      power_W: { total: 4, L3: 5 },
      voltage_V: { L1: 6, DC: 7 },
      current_A: { L1: 8, N: 9 },
      frequency_Hz: { L1: 50 },
      temperatures: [{ temperature: 25, location: 'Body', identification: 'x' }, { temperature: 26 }],
    },
    7,
  );
  expect(reading).toEqual({
    timestampMs: 1_767_225_600_500,
    energyImportWh: { total: 1, L1: 2 },
    energyExportWh: { total: 3 },
    powerW: { total: 4, L3: 5 },
    voltageV: { L1: 6, DC: 7 },
    currentA: { L1: 8, N: 9 },
    frequencyHz: { L1: 50 },
    temperaturesC: [{ valueC: 25, location: 'Body' }, { valueC: 26 }],
  });
});

test('a time that cannot be read is the time of arrival', () => {
  expect(meterReading({ timestamp: 'soon', energy_Wh_import: { total: 1 } }, 77).timestampMs).toBe(77);
});

test('a signed record keeps its text and takes the event’s time', () => {
  const signed = { signed_meter_data: 'abc', signing_method: 'm', encoding_method: 'e' };
  expect(signedMeterValue(signed, 5)).toEqual({ value: 'abc', timestampMs: 5 });
  expect(signedMeterValue(undefined, 5)).toBeUndefined();
});
