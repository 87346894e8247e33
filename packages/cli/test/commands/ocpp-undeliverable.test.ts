import { expect, test } from '@jest/globals';
import { resentText } from '../../src/commands/ocpp-resend.ts';
import { undeliverableText } from '../../src/commands/ocpp-undeliverable.ts';
import type { Undeliverable } from '../../src/support/undeliverable.ts';
import { runCli } from '../run-cli.ts';

const stop: Undeliverable = {
  id: 3,
  action: 'StopTransaction',
  payload: { meterStop: 250 },
  ledgerId: 12,
  sessionId: '9589219c-9fb0-4e20-9819-ade2884d1403',
  connectorId: 2,
  attempts: 5,
  failedAt: '2026-11-25T18:33:00.768Z',
  error: 'InternalError: nope',
};
const { ledgerId: _, sessionId: __, connectorId: ___, ...ofNoTransaction } = stop;

test('each message is a line: what, where, when and why', () => {
  expect(undeliverableText([stop, { ...ofNoTransaction, id: 4, action: 'SecurityEventNotification' }])).toBe(
    [
      'ID  LEDGER  ACTION                     CONN  GIVEN UP                  ATTEMPTS  WHY',
      '3   12      StopTransaction            2     2026-11-25T18:33:00.768Z  5         InternalError: nope',
      '4           SecurityEventNotification        2026-11-25T18:33:00.768Z  5         InternalError: nope',
    ].join('\n'),
  );
});

test('none is said, too', () => {
  expect(undeliverableText([])).toBe('the CSMS has refused no message for good');
});

test('what was queued again is named', () => {
  expect(resentText(stop)).toBe('3: StopTransaction of connector 2 is queued again');
  expect(resentText({ ...ofNoTransaction, id: 4 })).toBe('4: StopTransaction is queued again');
});

test.each([[], ['3', '--all'], ['three']])('ocpp resend %j is no way to say which', async (...words) => {
  expect(await runCli('ocpp', 'resend', ...words)).toMatchObject({ code: 2 });
});
