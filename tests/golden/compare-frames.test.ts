import { describe, expect, test } from '@jest/globals';
import { compareFrames } from './compare-frames.ts';
import { ExpectedDifferences } from './expected-differences.ts';
import type { RecordedFrame } from './scenario.ts';

const id = '360edc39-55f2-48a5-9a27-8bc8bfcefe00';

function said(action: string, payload: object): RecordedFrame {
  return { t: 0, dir: 'rx', frame: [2, id, action, payload] };
}

function status(text: string, timestamp = '2026-11-25T08:56:57.484Z'): RecordedFrame {
  return said('StatusNotification', { connectorId: 1, status: text, timestamp });
}

function metered(context: string, ...values: readonly string[]): RecordedFrame {
  const meterValue = values.map((value) => ({ sampledValue: [{ context, value }], timestamp: '2026-11-25T08:56:57Z' }));
  return said('MeterValues', { connectorId: 1, meterValue });
}

describe('two recordings are equal', () => {
  test('whatever their times, ids and the order of members', () => {
    const other: RecordedFrame = {
      t: 9,
      dir: 'rx',
      frame: [2, 'f', 'StatusNotification', { timestamp: '2027-01-01T00:00:00Z', status: 'A', connectorId: 1 }],
    };
    expect(compareFrames([status('A')], [other])).toEqual([]);
  });

  test('however often a meter was read, and whatever it said', () => {
    const once = [status('A'), metered('Sample.Periodic', '1.00'), status('B')];
    const twice = [status('A'), metered('Sample.Periodic', '2.00'), metered('Sample.Periodic', '3.00'), status('B')];
    expect(compareFrames(once, twice)).toEqual([]);
  });

  test('whether or not values aligned to the clock were due', () => {
    expect(compareFrames([status('A')], [status('A'), metered('Sample.Clock', '1.00')])).toEqual([]);
  });

  test('up to half of the energy', () => {
    const stop = (meterStop: number): RecordedFrame => said('StopTransaction', { meterStop });
    expect(compareFrames([stop(100)], [stop(145)])).toEqual([]);
    expect(compareFrames([stop(100)], [stop(155)])).toEqual(['- meterStop 100', '+ meterStop 155']);
  });
});

describe('they differ', () => {
  test('where one has a frame that the other lacks, and what follows is compared all the same', () => {
    const reference = [status('A'), status('B'), status('C')];
    expect(compareFrames(reference, [status('A'), status('C'), status('D')])).toEqual([
      expect.stringMatching(/^- StatusNotification .*"B"/),
      expect.stringMatching(/^\+ StatusNotification .*"D"/),
    ]);
  });

  test('in the order', () => {
    expect(compareFrames([status('A'), status('B')], [status('B'), status('A')])).toHaveLength(2);
  });

  test('in a value', () => {
    expect(compareFrames([metered('Trigger', 'signed')], [metered('Trigger', 'other')])).toHaveLength(2);
  });

  test('in whether an answer is an error', () => {
    const answer: RecordedFrame = { t: 0, dir: 'rx', frame: [3, id, {}] };
    const error: RecordedFrame = { t: 0, dir: 'rx', frame: [4, id, 'NotSupported', '', {}] };
    expect(compareFrames([answer], [error])).toEqual(['- answer {}', '+ error NotSupported']);
  });
});

describe('expected differences', () => {
  const page = [
    'Words.',
    '```bus-shape',
    '\\+ chargemesh/.*',
    '```',
    '```golden misc wsdrop',
    '- Available*',
    '? + MeterValues*',
    '```',
    '```golden misc waits for the list (all of it)',
    '+ answer [-1]',
    '```',
  ].join('\n');
  const judge = (scenario: string, differences: readonly string[]): object =>
    new ExpectedDifferences(page, scenario).judge(differences);

  test('are no faults, and parts that are waited for are named', () => {
    expect(judge('misc', ['+ chargemesh/a', '- Available {}', '+ answer [-1]'])).toEqual({
      faults: [],
      waiting: ['the list (all of it)'],
    });
  });

  test('that do not come up are faults, but for those that need not', () => {
    expect(judge('wsdrop', [])).toEqual({ faults: ['expected, and not there: - Available*'], waiting: [] });
    expect(judge('wsdrop', ['- Available', '+ MeterValues {}'])).toEqual({ faults: [], waiting: [] });
  });

  test('of another scenario count there alone', () => {
    expect(judge('session', ['+ chargemesh/a', '- Available'])).toEqual({ faults: ['- Available'], waiting: [] });
  });
});
