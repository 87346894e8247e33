import { describe, expect, test } from '@jest/globals';
import type { PilotState } from '../../src/iec/pilot-letter.ts';
import { pilotTable, rulesFor } from '../../src/iec/pilot-table.ts';

const states: readonly PilotState[] = ['Disabled', 'A', 'B', 'C', 'E', 'F'];

/** What is said on each change from the state of a row to that of a column, where a car was known to be there, and where none was. */
const said: Readonly<Record<'there' | 'none', string>> = {
  there: `
    from     | Disabled | A           | B                            | C                          | E              | F
    Disabled | -        | CarUnplugged | CarRequestedStopPower        | CarRequestedPower          |                |
    A        |          | -            |                              |                            |                |
    B        |          | CarUnplugged | -                            | CarRequestedPower          | BCDtoEF BCDtoE | BCDtoEF
    C        |          | CarUnplugged | CarRequestedStopPower        | -                          | BCDtoEF BCDtoE | BCDtoEF
    E        |          | CarUnplugged | CarRequestedStopPower EFtoBCD | EFtoBCD CarRequestedPower | -              |
    F        |          | CarUnplugged | CarRequestedStopPower EFtoBCD | EFtoBCD CarRequestedPower |                | -`,
  none: `
    from     | Disabled | A | B                    | C                    | E              | F
    Disabled | -        |   | CarPluggedIn         | CarPluggedIn         |                |
    A        |          | - | CarPluggedIn         | CarPluggedIn         |                |
    B        |          |   | -                    |                      | BCDtoEF BCDtoE | BCDtoEF
    C        |          |   | CarPluggedIn         | -                    | BCDtoEF BCDtoE | BCDtoEF
    E        |          |   | CarPluggedIn EFtoBCD | CarPluggedIn EFtoBCD | -              |
    F        |          |   | CarPluggedIn EFtoBCD | CarPluggedIn EFtoBCD |                | -`,
};

type Case = readonly [from: PilotState, to: PilotState, car: 'there' | 'none', events: readonly string[]];

const cases: readonly Case[] = (['there', 'none'] as const).flatMap((car) => {
  const [, ...lines] = said[car].trim().split('\n');
  return lines.flatMap((line, row) => {
    const from = states[row];
    const cells = line.split('|').slice(1);
    return cells.flatMap((cell, column) => {
      const to = states[column];
      if (from === undefined || to === undefined || cell.trim() === '-') return [];
      return [[from, to, car, cell.trim().split(/\s+/).filter(Boolean)] as const];
    });
  });
});

test('there is a case for each change that the table has a row for, and for those where nothing is said', () => {
  const known = cases.map(([from, to, car]) => `${from} ${to} ${car}`);
  const rows = pilotTable.flatMap(({ from, to, plugged }) =>
    from.flatMap((state) =>
      [true, false]
        .filter((car) => plugged === undefined || plugged === car)
        .map((car) => `${state} ${to} ${car ? 'there' : 'none'}`),
    ),
  );
  expect([...new Set(rows)].filter((row) => !known.includes(row))).toEqual([]);
  expect(cases).toHaveLength(states.length * (states.length - 1) * 2);
});

describe('a change of the control pilot', () => {
  test.each(cases)('from %s to %s, a car %s: %j', (from, to, car, events) => {
    const rules = rulesFor({ from, to, plugged: car === 'there' });
    expect(rules.flatMap(({ says }) => says)).toEqual(events);
    const does = rules.flatMap((rule) => rule.does);
    // No car, or one that may not be fed, finds the relay open, whatever was before.
    const mustOpen = to !== 'B' && to !== 'C';
    // In A no car is known.
    const leavesC = to === 'B' && car === 'there' && from !== 'A';
    expect([to, does.includes('powerOff')]).toEqual([to, mustOpen || leavesC]);
    expect(does.includes('stopRelayTimer')).toBe(does.includes('powerOff'));
    expect(does.includes('steady')).toBe(to === 'Disabled' || to === 'A' || to === 'E');
    expect(does.includes('lockNotWanted')).toBe(to === 'Disabled' || to === 'A' || to === 'E');
    expect(does.includes('startUnlockTimer')).toBe(to === 'F');
    expect(does.includes('stopUnlockTimer')).toBe(from === 'F');
    expect(does.includes('notePlugged')).toBe(events.includes('CarPluggedIn'));
    expect(does.includes('noteUnplugged')).toBe(events.includes('CarUnplugged'));
    expect(does.includes('enterSimplifiedMode')).toBe(to === 'C' && events.includes('CarPluggedIn'));
    expect(does.includes('leaveSimplifiedMode')).toBe(to === 'A');
  });
});
