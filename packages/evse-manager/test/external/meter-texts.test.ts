import { expect, test } from '@jest/globals';
import { meterTexts } from '../../src/external/meter-texts.ts';

test('a meter value becomes a topic for each of its parts', () => {
  const value = {
    timestamp: '2026-01-01T00:00:00.000Z',
    energy_Wh_import: { total: 1234 },
    power_W: { total: 20_543 },
  };
  expect(Object.fromEntries(meterTexts(value))).toEqual({
    'powermeter/phaseSeqError': 'false',
    'powermeter/time_stamp': '2026-01-01T00:00:00.000Z',
    'powermeter/totalKw': '20.5',
    'powermeter/totalKWattHr': '1.23400',
    'powermeter/totalExportKWattHr': '0.00000',
    powermeter_json: JSON.stringify(value),
  });
});
