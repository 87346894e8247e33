import { describe, expect, test } from '@jest/globals';
import { EnableTable } from '../../src/enable/enable-table.ts';

type Source = Parameters<EnableTable['set']>[1];
const row = (
  enable_source: Source['enable_source'],
  enable_state: Source['enable_state'],
  enable_priority: number,
): Source => ({ enable_source, enable_state, enable_priority });

const decide = (...rows: Source[]) => {
  const table = new EnableTable();
  for (const source of rows) table.set('evse', source);
  return table.decide();
};

describe('of those who want something', () => {
  test('nobody means in service', () => {
    expect(decide()).toMatchObject({
      enabled: true,
      source: { enable_source: 'Unspecified', enable_state: 'Enable', enable_priority: 10_000 },
    });
  });

  test('the smallest number wins', () => {
    expect(decide(row('CSMS', 'Disable', 5000), row('LocalAPI', 'Enable', 100)).enabled).toBe(true);
    expect(decide(row('CSMS', 'Enable', 5000), row('LocalAPI', 'Disable', 100)).enabled).toBe(false);
  });

  test('the one who disables wins a tie', () => {
    expect(decide(row('CSMS', 'Disable', 10), row('LocalAPI', 'Enable', 10)).enabled).toBe(false);
    expect(decide(row('LocalAPI', 'Enable', 10), row('CSMS', 'Disable', 10)).enabled).toBe(false);
  });

  test('one who wants nothing more does not count', () => {
    expect(decide(row('CSMS', 'Disable', 10), row('CSMS', 'Unassigned', 1)).enabled).toBe(true);
    expect(decide(row('CSMS', 'Disable', 10), row('LocalAPI', 'Unassigned', 1)).enabled).toBe(false);
  });
});

test('enabling the EVSE does not undo what was said of its connector', () => {
  const table = new EnableTable();
  table.set('connector', row('CSMS', 'Disable', 5000));
  table.set('evse', row('CSMS', 'Enable', 1));
  expect(table.decide()).toMatchObject({ enabled: false, scope: 'connector' });
  table.set('connector', row('CSMS', 'Enable', 5000));
  expect(table.decide()).toMatchObject({ enabled: true, source: { enable_priority: 1 } });
});
