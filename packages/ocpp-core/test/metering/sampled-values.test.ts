import { describe, expect, test } from '@jest/globals';
import type { MeterReading } from '../../src/metering/meter-reading.ts';
import {
  buildMeterValue,
  parseMeasurands,
  roundEnergyWh,
  signedMeterValue,
} from '../../src/metering/sampled-values.ts';
import type { Measurand, SampledValue } from '../../src/schemas/messages.ts';

const AT = 1_795_596_789_738;

function values(reading: Omit<MeterReading, 'timestampMs'>, ...measurands: Measurand[]): readonly SampledValue[] {
  return buildMeterValue({ timestampMs: AT, ...reading }, measurands, 'Sample.Periodic')?.sampledValue ?? [];
}

const short = (list: readonly SampledValue[]): string[] =>
  list.map(({ phase, value, unit, location }) => [phase ?? 'sum', value, unit ?? '-', location ?? '-'].join(' '));

describe('buildMeterValue', () => {
  test('C-42: energy by sum and phase, in Wh at the outlet, as the reference writes it', () => {
    const reading = { timestampMs: AT, energyImportWh: { total: 40, L1: 13, L2: 13, L3: 13 } };
    expect(JSON.stringify(buildMeterValue(reading, ['Energy.Active.Import.Register'], 'Sample.Periodic'))).toBe(
      '{"sampledValue":[' +
        '{"context":"Sample.Periodic","format":"Raw","location":"Outlet","measurand":"Energy.Active.Import.Register","unit":"Wh","value":"40.00"},' +
        '{"context":"Sample.Periodic","format":"Raw","location":"Outlet","measurand":"Energy.Active.Import.Register","phase":"L1","unit":"Wh","value":"13.00"},' +
        '{"context":"Sample.Periodic","format":"Raw","location":"Outlet","measurand":"Energy.Active.Import.Register","phase":"L2","unit":"Wh","value":"13.00"},' +
        '{"context":"Sample.Periodic","format":"Raw","location":"Outlet","measurand":"Energy.Active.Import.Register","phase":"L3","unit":"Wh","value":"13.00"}' +
        '],"timestamp":"2026-11-25T08:53:09.738Z"}',
    );
  });

  test('C-42: each measurand has its unit and its location', () => {
    const one = { total: 1 };
    const reading = {
      energyExportWh: one,
      powerW: one,
      voltageV: { L1: 230 },
      currentA: { L1: 16, N: 1 },
      socPercent: 61,
    };
    expect(short(values(reading, 'Energy.Active.Export.Register'))).toEqual(['sum 1.00 Wh -']);
    expect(short(values(reading, 'Power.Active.Import'))).toEqual(['sum 1.00 W Outlet']);
    expect(short(values(reading, 'Voltage'))).toEqual(['L1 230.00 V Outlet']);
    expect(short(values(reading, 'Current.Import'))).toEqual(['L1 16.00 A Outlet', 'N 1.00 A Outlet']);
    expect(short(values(reading, 'SoC'))).toEqual(['sum 61.00 Percent EV']);
  });

  test('C-42: one entry a temperature sensor, with its location where OCPP has a word for it', () => {
    const temperaturesC = [{ valueC: 41.236, location: 'Body' }, { valueC: -3, location: 'heat sink' }, { valueC: 20 }];
    expect(short(values({ temperaturesC }, 'Temperature'))).toEqual([
      'sum 41.24 Celsius Body',
      'sum -3.00 Celsius -',
      'sum 20.00 Celsius -',
    ]);
  });

  test('C-43: a frequency is told once, without unit, location and phase, whichever phase it was measured on', () => {
    for (const frequencyHz of [{ total: 49.98 }, { L1: 49.98, L2: 49.97, L3: 49.99 }, { L2: 49.98 }])
      expect(short(values({ frequencyHz }, 'Frequency'))).toEqual(['sum 49.98 - -']);
  });

  test('C-43: voltage and current of a DC line are the sum', () => {
    const reading = { voltageV: { DC: 401.5 }, currentA: { DC: 99.999 } };
    expect(short(values(reading, 'Voltage', 'Current.Import'))).toEqual(['sum 401.50 V Outlet', 'sum 100.00 A Outlet']);
  });

  test('C-43: what was not measured is not told, and nothing at all is no meter value', () => {
    expect(
      values({ powerW: {} }, 'Power.Active.Import', 'Voltage', 'SoC', 'Temperature', 'Power.Factor', 'RPM'),
    ).toEqual([]);
    expect(buildMeterValue({ timestampMs: AT }, ['Voltage'], 'Trigger')).toBeUndefined();
    expect(buildMeterValue({ timestampMs: AT, socPercent: 1 }, [], 'Trigger')).toBeUndefined();
    expect(values({ powerW: { total: Number.NaN, L1: Number.POSITIVE_INFINITY } }, 'Power.Active.Import')).toEqual([]);
  });

  test('C-45: what is offered is told always, in whole units, rounded down', () => {
    expect(short(values({}, 'Current.Offered', 'Power.Offered'))).toEqual(['sum 0.00 A Outlet', 'sum 0.00 W Outlet']);
    expect(
      short(values({ currentOfferedA: 15.99, powerOfferedW: 11039.9 }, 'Current.Offered', 'Power.Offered')),
    ).toEqual(['sum 15.00 A Outlet', 'sum 11039.00 W Outlet']);
  });

  test('C-44: two decimals, and no negative zero', () => {
    expect(short(values({ currentA: { L1: -0.001, L2: 32.256, L3: 1e-9 } }, 'Current.Import'))).toEqual([
      'L1 0.00 A Outlet',
      'L2 32.26 A Outlet',
      'L3 0.00 A Outlet',
    ]);
  });

  test('keeps the order of the list, and tells nothing twice', () => {
    const told = values({ socPercent: 1, powerW: { total: 2 } }, 'SoC', 'Power.Active.Import', 'SoC');
    expect(told.map(({ measurand }) => measurand)).toEqual(['SoC', 'Power.Active.Import']);
  });
});

test('C-51: a signed value has neither measurand nor unit', () => {
  expect(JSON.stringify(signedMeterValue('test start value', AT, 'Transaction.Begin'))).toBe(
    '{"sampledValue":[{"context":"Transaction.Begin","format":"SignedData","value":"test start value"}],"timestamp":"2026-11-25T08:53:09.738Z"}',
  );
});

test('D21: energy is rounded half up and kept within 32 bits', () => {
  expect([0, 0.49, 0.5, 1.5, 112.7, -0.5, -0.51, Number.NaN, 3e9, -3e9].map(roundEnergyWh)).toEqual([
    0, 0, 1, 2, 113, 0, -1, 0, 2_147_483_647, -2_147_483_648,
  ]);
});

describe('lists of measurands', () => {
  const supported = 'Energy.Active.Import.Register, Voltage,SoC';

  test('are read without blanks, repetitions and what the station does not measure', () => {
    expect(parseMeasurands(' SoC ,Voltage,SoC,Frequency,Nonsense,', supported)).toEqual(['SoC', 'Voltage']);
    expect(parseMeasurands('', supported)).toEqual([]);
  });
});
