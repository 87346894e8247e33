import { describe, expect, test } from '@jest/globals';
import type { MeterReading } from '../../src/metering/meter-reading.ts';
import { buildMeterValue, signedMeterValue } from '../../src/metering/sampled-values.ts';
import { selectTransactionData, takeSample } from '../../src/metering/transaction-data.ts';
import type { MeterValue } from '../../src/schemas/messages.ts';
import { configurationWith } from '../support/sample-configuration.ts';

const STOP = { idTag: 'TAG1', meterStop: 113, reason: 'Local', timestamp: '2026-11-25T08:53:32.464Z' };

function reading(atS: number): MeterReading {
  return { timestampMs: atS * 1000, energyImportWh: { total: atS, L1: atS }, socPercent: 50, voltageV: { L1: 230 } };
}

function sample(atS: number, context: 'Sample.Periodic' | 'Sample.Clock'): MeterValue {
  const value = buildMeterValue(reading(atS), ['Energy.Active.Import.Register', 'SoC', 'Voltage'], context);
  if (!value) throw new Error('nothing was measured');
  return value;
}

const begin = signedMeterValue('begin', 0, 'Transaction.Begin');
const end = signedMeterValue('end', 99_000, 'Transaction.End');
const lists = (sampled: string, aligned: string) =>
  configurationWith({ Core: { StopTxnSampledData: sampled, StopTxnAlignedData: aligned } });

function told(data: readonly MeterValue[] | undefined): string[] {
  return (data ?? []).flatMap(({ sampledValue }) =>
    sampledValue.map(({ context, measurand, phase }) =>
      [context, measurand ?? 'signed', phase].filter(Boolean).join(' '),
    ),
  );
}

describe('selectTransactionData', () => {
  test('C-50: each context by its own list, whatever the phase; signed values always', () => {
    const collected = [begin, sample(1, 'Sample.Periodic'), sample(2, 'Sample.Clock'), end];
    expect(told(selectTransactionData(collected, lists('SoC', 'Energy.Active.Import.Register'), STOP))).toEqual([
      'Transaction.Begin signed',
      'Sample.Periodic SoC',
      'Sample.Clock Energy.Active.Import.Register',
      'Sample.Clock Energy.Active.Import.Register L1',
      'Transaction.End signed',
    ]);
  });

  test('C-50: both lists empty: nothing, unless there are signed values', () => {
    const samples = [sample(1, 'Sample.Periodic'), sample(2, 'Sample.Clock')];
    expect(selectTransactionData(samples, lists('', ''), STOP)).toBeUndefined();
    expect(selectTransactionData([], lists('SoC', 'SoC'), STOP)).toBeUndefined();
    expect(selectTransactionData([begin, ...samples, end], lists('', ''), STOP)).toEqual([begin, end]);
  });

  test('C-53: a message that is too long loses every second sample, never the first and the last, until it fits', () => {
    const configuration = configurationWith({ Internal: { MaxMessageSize: 32_000 } });
    const collected = [begin, ...Array.from({ length: 1000 }, (_, index) => sample(index, 'Sample.Periodic')), end];
    const data = selectTransactionData(collected, configuration, STOP) ?? [];
    expect(data[0]).toEqual(begin);
    expect(data.at(-1)).toEqual(end);
    const frame = [
      2,
      '0d88de5c-a59b-4d8c-bc64-fe3fab2513be',
      'StopTransaction',
      { ...STOP, transactionData: data, transactionId: -2_147_483_648 },
    ];
    expect(JSON.stringify(frame).length).toBeLessThanOrEqual(32_000);
    // 1002 -> 502 -> 252 -> 127 -> 64: the step before would not have fitted.
    expect(data).toHaveLength(64);
  });

  test('C-53: two are left though they do not fit', () => {
    const long = signedMeterValue('x'.repeat(40_000), 0, 'Transaction.Begin');
    const collected = [long, sample(1, 'Sample.Periodic'), end];
    const configuration = configurationWith({ Internal: { MaxMessageSize: 32_000 } });
    expect(selectTransactionData(collected, configuration, STOP)).toEqual([long, end]);
  });

  test('C-53: a message that fits keeps every sample', () => {
    const collected = Array.from({ length: 50 }, (_, index) => sample(index, 'Sample.Periodic'));
    expect(selectTransactionData(collected, configurationWith(), STOP)).toHaveLength(50);
  });
});

describe('takeSample', () => {
  const configuration = configurationWith({
    Core: {
      MeterValuesSampledData: 'SoC',
      StopTxnSampledData: 'Voltage',
      MeterValuesAlignedData: 'Voltage',
      StopTxnAlignedData: '',
    },
  });

  test('samples for StopTransaction what no MeterValues tells', () => {
    const { message, record } = takeSample(reading(1), configuration, 'Sample.Periodic');
    expect(told(message && [message])).toEqual(['Sample.Periodic SoC']);
    expect(told(record && [record])).toEqual(['Sample.Periodic Voltage L1']);
  });

  test('clock-aligned samples have lists of their own', () => {
    const { message, record } = takeSample(reading(1), configuration, 'Sample.Clock');
    expect(told(message && [message])).toEqual(['Sample.Clock Voltage L1']);
    expect(record).toBeUndefined();
  });

  test('a triggered one tells what a periodic one does', () => {
    expect(told([takeSample(reading(1), configuration, 'Trigger').message ?? end])).toEqual(['Trigger SoC']);
  });
});
