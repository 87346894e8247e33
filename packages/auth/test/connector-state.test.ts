import { expect, test } from '@jest/globals';
import { AVAILABLE, after, type ConnectorEvent, type ConnectorState, isUsable } from '../src/connector-state.ts';

const run = (events: readonly ConnectorEvent[]): ConnectorState => events.reduce(after, AVAILABLE);

test.each<[ConnectorEvent[], Partial<ConnectorState>]>([
  [['transaction started'], { occupied: true }],
  [['transaction started', 'session finished'], {}],
  [['fault raised'], { faulted: true }],
  [['transaction started', 'fault raised'], { occupied: true, faulted: true }],
  [['transaction started', 'fault raised', 'session finished'], { faulted: true }],
  [['transaction started', 'fault raised', 'fault cleared'], { occupied: true }],
  [['disabled'], { disabled: true }],
  [['disabled', 'fault raised', 'enabled'], { faulted: true }],
  [['fault raised', 'disabled', 'fault cleared'], { disabled: true }],
  [['transaction started', 'disabled', 'session finished'], { disabled: true }],
])('%j', (events, expected) => {
  expect(run(events)).toEqual({ occupied: false, faulted: false, disabled: false, ...expected });
});

test('neither a broken nor a disabled connector can be used, an occupied one can later', () => {
  expect(isUsable(run(['fault raised']))).toBe(false);
  expect(isUsable(run(['disabled']))).toBe(false);
  expect(isUsable(run(['transaction started']))).toBe(true);
});
