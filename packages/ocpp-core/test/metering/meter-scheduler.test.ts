import { formatTimestamp, parseTimestamp, VirtualClock } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import type { Configuration } from '../../src/configuration/configuration.ts';
import { MeterScheduler } from '../../src/metering/meter-scheduler.ts';
import { configurationWith } from '../support/sample-configuration.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Bench {
  readonly clock: VirtualClock;
  readonly configuration: Configuration;
  readonly scheduler: MeterScheduler;
  /** What was due since the last call: `2 10:15:00` is connector 2 at that wall time, `2 +60` 60 s after the start. */
  readonly aligned: () => string[];
  readonly periodic: () => string[];
}

function bench(start: string, intervals: { sampledS?: number; alignedS?: number }, connectors = 1): Bench {
  const clock = new VirtualClock(parseTimestamp(start) ?? 0);
  const configuration = configurationWith({
    Core: { MeterValueSampleInterval: intervals.sampledS ?? 0, ClockAlignedDataInterval: intervals.alignedS ?? 0 },
  });
  const aligned: string[] = [];
  const periodic: string[] = [];
  const scheduler = new MeterScheduler({
    clock,
    configuration,
    connectors,
    due: (connectorId, context) => {
      if (context === 'Sample.Clock') aligned.push(`${connectorId} ${formatTimestamp(clock.wallMs()).slice(11, 19)}`);
      else periodic.push(`${connectorId} +${clock.monotonicMs() / SECOND}`);
    },
  });
  return { clock, configuration, scheduler, aligned: () => aligned.splice(0), periodic: () => periodic.splice(0) };
}

function wall(clock: VirtualClock, text: string): void {
  clock.setWall(parseTimestamp(text) ?? 0);
}

describe('periodic samples', () => {
  test('C-41: come in a transaction only, the first after one interval', async () => {
    const { clock, scheduler, periodic } = bench('2026-11-25T10:00:07Z', { sampledS: 60 }, 2);
    await clock.advance(5 * MINUTE);
    expect(periodic()).toEqual([]);
    scheduler.transactionStarted(2);
    await clock.advance(2 * MINUTE);
    expect(periodic()).toEqual(['2 +360', '2 +420']);
    scheduler.transactionEnded(2);
    await clock.advance(5 * MINUTE);
    expect(periodic()).toEqual([]);
  });

  test('open-ocpp-142: run on monotonic time, whatever the wall clock does', async () => {
    const { clock, scheduler, periodic } = bench('2026-11-25T10:00:00Z', { sampledS: 60 });
    scheduler.transactionStarted(1);
    await clock.advance(30 * SECOND);
    wall(clock, '2036-01-01T00:00:00Z');
    await clock.advance(30 * SECOND);
    expect(periodic()).toEqual(['1 +60']);
    wall(clock, '1990-01-01T00:00:00Z');
    await clock.advance(MINUTE);
    expect(periodic()).toEqual(['1 +120']);
  });

  test('a new interval counts at once, 0 is off, and on again', async () => {
    const { clock, configuration, scheduler, periodic } = bench('2026-11-25T10:00:00Z', { sampledS: 60 });
    scheduler.transactionStarted(1);
    await clock.advance(50 * SECOND);
    configuration.change('MeterValueSampleInterval', '20');
    await clock.advance(40 * SECOND);
    expect(periodic()).toEqual(['1 +70', '1 +90']);
    configuration.change('MeterValueSampleInterval', '0');
    await clock.advance(HOUR);
    expect(periodic()).toEqual([]);
    configuration.change('MeterValueSampleInterval', '30');
    await clock.advance(30 * SECOND);
    expect(periodic()).toEqual([`1 +${90 + 3600 + 30}`]);
  });

  test('a change without a transaction starts nothing', async () => {
    const { clock, configuration, periodic } = bench('2026-11-25T10:00:00Z', {});
    configuration.change('MeterValueSampleInterval', '10');
    await clock.advance(HOUR);
    expect(periodic()).toEqual([]);
  });

  test('a transaction that began with samples switched off gets them when they are switched on', async () => {
    const { clock, configuration, scheduler, periodic } = bench('2026-11-25T10:00:00Z', {});
    scheduler.transactionStarted(1);
    await clock.advance(MINUTE);
    configuration.change('MeterValueSampleInterval', '10');
    await clock.advance(20 * SECOND);
    expect(periodic()).toEqual(['1 +70', '1 +80']);
  });
});

describe('clock-aligned samples', () => {
  test('C-46: begin when they are told to', async () => {
    const { clock, scheduler, aligned } = bench('2026-11-25T10:00:07Z', { alignedS: 900 });
    await clock.advance(HOUR);
    expect(aligned()).toEqual([]);
    scheduler.startAligned();
    scheduler.startAligned();
    await clock.advance(HOUR);
    expect(aligned()).toEqual(['1 11:15:00', '1 11:30:00', '1 11:45:00', '1 12:00:00']);
  });

  test('libocpp-445: are on the grid from 00:00 UTC, for every connector', async () => {
    const { clock, scheduler, aligned } = bench('2026-11-25T10:07:31.250Z', { alignedS: 900 }, 2);
    scheduler.startAligned();
    await clock.advance(24 * MINUTE);
    expect(aligned()).toEqual(['1 10:15:00', '2 10:15:00', '1 10:30:00', '2 10:30:00']);
  });

  test('an interval that does not divide a day counts anew at midnight', async () => {
    const { clock, scheduler, aligned } = bench('2026-11-25T20:00:00Z', { alignedS: 7 * 3600 });
    scheduler.startAligned();
    await clock.advance(DAY);
    expect(aligned()).toEqual(['1 21:00:00', '1 00:00:00', '1 07:00:00', '1 14:00:00']);
  });

  test('an interval of days is aligned to midnight', async () => {
    const { clock, scheduler, aligned } = bench('2026-11-25T20:00:00Z', { alignedS: 2 * 86_400 });
    scheduler.startAligned();
    await clock.advance(4 * DAY);
    expect(aligned()).toEqual(['1 00:00:00', '1 00:00:00']);
  });

  test('open-ocpp-2: a new interval counts at once, 0 is off', async () => {
    const { clock, configuration, scheduler, aligned } = bench('2026-11-25T10:00:07Z', { alignedS: 0 });
    scheduler.startAligned();
    await clock.advance(HOUR);
    expect(aligned()).toEqual([]);
    configuration.change('ClockAlignedDataInterval', '600');
    await clock.advance(10 * MINUTE);
    expect(aligned()).toEqual(['1 11:10:00']);
    configuration.change('ClockAlignedDataInterval', '1800');
    await clock.advance(20 * MINUTE);
    expect(aligned()).toEqual(['1 11:30:00']);
    configuration.change('ClockAlignedDataInterval', '0');
    await clock.advance(DAY);
    expect(aligned()).toEqual([]);
  });

  test('open-ocpp-142: a leap of years forward makes no storm', async () => {
    const { clock, scheduler, aligned } = bench('1970-01-01T00:00:05Z', { alignedS: 900 });
    scheduler.startAligned();
    wall(clock, '2026-11-25T10:07:00Z');
    await clock.advance(10 * MINUTE);
    expect(aligned()).toEqual(['1 10:15:00']);
  });

  test('a leap of years back does not stop them', async () => {
    const { clock, scheduler, aligned } = bench('2036-11-25T10:07:00Z', { alignedS: 900 });
    scheduler.startAligned();
    await clock.advance(10 * MINUTE);
    wall(clock, '2026-03-01T07:29:00Z');
    await clock.advance(20 * MINUTE);
    expect(aligned()).toEqual(['1 10:15:00', '1 07:30:00', '1 07:45:00']);
  });

  test('a correction over a boundary leaves no hole', async () => {
    const { clock, scheduler, aligned } = bench('2026-11-25T10:14:50Z', { alignedS: 900 });
    scheduler.startAligned();
    wall(clock, '2026-11-25T10:15:03Z');
    expect(aligned()).toEqual(['1 10:15:03']);
    await clock.advance(15 * MINUTE);
    expect(aligned()).toEqual(['1 10:30:00']);
  });

  test('a correction back over a boundary does not repeat it', async () => {
    const { clock, scheduler, aligned } = bench('2026-11-25T10:14:50Z', { alignedS: 900 });
    scheduler.startAligned();
    await clock.advance(11 * SECOND);
    expect(aligned()).toEqual(['1 10:15:00']);
    wall(clock, '2026-11-25T10:14:57Z');
    await clock.advance(16 * MINUTE);
    expect(aligned()).toEqual(['1 10:30:00']);
  });

  test('a correction between boundaries moves the next one', async () => {
    const { clock, scheduler, aligned } = bench('2026-11-25T10:01:00Z', { alignedS: 900 });
    scheduler.startAligned();
    wall(clock, '2026-11-25T10:03:00Z');
    await clock.advance(12 * MINUTE);
    expect(aligned()).toEqual(['1 10:15:00']);
  });
});

test('after stop nothing is due any more', async () => {
  const { clock, configuration, scheduler, aligned, periodic } = bench('2026-11-25T10:00:00Z', {
    sampledS: 10,
    alignedS: 10,
  });
  scheduler.startAligned();
  scheduler.transactionStarted(1);
  scheduler.stop();
  configuration.change('MeterValueSampleInterval', '5');
  configuration.change('ClockAlignedDataInterval', '5');
  wall(clock, '2026-11-25T11:00:00Z');
  await clock.advance(HOUR);
  expect([...aligned(), ...periodic()]).toEqual([]);
  expect(clock.nextDueMs()).toBeUndefined();
});
