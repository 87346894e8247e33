import { parseTags, TagList } from '@chargemesh/csms';
import { createFrameValidator } from '@chargemesh/ocpp-core';
import { describe, expect, test } from '@jest/globals';
import { RightAnswers } from '../../../../src/world/real/ocpp-rpc/right-answers.ts';

const nowMs = 1_767_225_600_000;
const tags = parseTags('{ unknown: Invalid, tags: { GOOD: Accepted, STOLEN: Blocked, ONCE: { single: true } } }');
const start = { connectorId: 1, meterStart: 0, timestamp: '2026-01-01T00:00:00Z' };

test.each([
  ['GOOD', 'Accepted'],
  ['STOLEN', 'Blocked'],
  ['NOBODY', 'Invalid'],
])('%s is %s', (idTag, status) => {
  const answers = new RightAnswers(tags);
  expect(answers.answer('Authorize', { idTag }, nowMs)).toEqual({ idTagInfo: { status } });
  expect(answers.answer('StartTransaction', { ...start, idTag }, nowMs)).toMatchObject({ idTagInfo: { status } });
});

test('a card for one transaction at a time is refused a second one, not the same one again', () => {
  const answers = new RightAnswers(tags);
  const request = { ...start, idTag: 'ONCE' };
  const first = answers.answer('StartTransaction', request, nowMs);
  expect(first).toMatchObject({ idTagInfo: { status: 'Accepted' } });
  expect(answers.answer('StartTransaction', request, nowMs)).toEqual(first);
  expect(answers.answer('StartTransaction', { ...request, connectorId: 2 }, nowMs)).toMatchObject({
    idTagInfo: { status: 'ConcurrentTx' },
  });
});

test('a stop without a card is answered without a word on it', () => {
  const answers = new RightAnswers(tags);
  expect(answers.answer('StopTransaction', { transactionId: 1 }, nowMs)).toEqual({});
  expect(answers.answer('StopTransaction', { transactionId: 1, idTag: 'GOOD' }, nowMs)).toEqual({
    idTagInfo: { status: 'Accepted' },
  });
});

describe('every answer passes the schemas', () => {
  const validator = createFrameValidator({ strict: true });
  test.each([
    'Authorize',
    'BootNotification',
    'DataTransfer',
    'DiagnosticsStatusNotification',
    'FirmwareStatusNotification',
    'Heartbeat',
    'LogStatusNotification',
    'MeterValues',
    'SecurityEventNotification',
    'SignCertificate',
    'SignedFirmwareStatusNotification',
    'StartTransaction',
    'StatusNotification',
    'StopTransaction',
  ])('%s', (action) => {
    const answer = new RightAnswers(TagList.acceptAll()).answer(action, { ...start, idTag: 'GOOD' }, nowMs);
    expect(answer).toBeDefined();
    expect(validator.response(action, answer)).toEqual([]);
  });
});

test('what no station may ask for has no answer', () => {
  expect(new RightAnswers(tags).answer('Reset', { type: 'Hard' }, nowMs)).toBeUndefined();
});
