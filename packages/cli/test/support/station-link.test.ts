import { encodeVariable, Topics } from '@chargemesh/framework';
import { expect, test } from '@jest/globals';
import { describeLink, linkTopics, type StationLink, unknownLink, updateLink } from '../../src/support/station-link.ts';

const [connectionLive = '', connectionKept = '', bootLive = '', bootKept = '', undeliverable = ''] = linkTopics(
  new Topics(),
  'ocpp',
);
const kept = (data: unknown): string => JSON.stringify({ data, timestamp: '2026-01-01T00:00:00.000Z' });
const after = (...messages: [string, string][]): StationLink =>
  messages.reduce((link, [topic, payload]) => updateLink(link, topic, payload), unknownLink);
const up = { connected: true, identity: 'cp001', csms_url: 'ws://127.0.0.1:9000' };

test('live and kept messages say the same', () => {
  const live = after([connectionLive, encodeVariable(up)], [bootLive, encodeVariable({ status: 'Accepted' })]);
  expect(live).toEqual({
    identity: 'cp001',
    url: 'ws://127.0.0.1:9000',
    connected: true,
    boot: 'Accepted',
    undeliverable: 0,
  });
  expect(after([connectionKept, kept(up)], [bootKept, kept({ status: 'Accepted' })])).toEqual(live);
});

test.each<[string, [string, string][]]>([
  ['connecting …', []],
  ['connected, waiting for the answer to BootNotification', [[connectionLive, encodeVariable(up)]]],
  [
    'connected, boot accepted',
    [
      [connectionLive, encodeVariable(up)],
      [bootLive, encodeVariable({ status: 'Accepted' })],
    ],
  ],
  [
    'connected, boot pending: the CSMS wants to configure the station first',
    [
      [connectionLive, encodeVariable(up)],
      [bootLive, encodeVariable({ status: 'Pending' })],
    ],
  ],
  [
    'connected, boot rejected: the CSMS does not know this station',
    [
      [connectionLive, encodeVariable(up)],
      [bootLive, encodeVariable({ status: 'Rejected' })],
    ],
  ],
  [
    'connection lost, connecting …',
    [
      [connectionLive, encodeVariable(up)],
      [bootLive, encodeVariable({ status: 'Accepted' })],
      [connectionLive, encodeVariable({ connected: false })],
    ],
  ],
])('%s', (text, messages) => {
  expect(describeLink(after(...messages))).toBe(text);
});

test('a lost link keeps what was known of the CSMS', () => {
  const lost = after([connectionLive, encodeVariable(up)], [connectionLive, encodeVariable({ connected: false })]);
  expect(lost).toMatchObject({ identity: 'cp001', url: 'ws://127.0.0.1:9000', connected: false });
});

test.each(['', '{', '7', 'null', '{"msg_type":"Cmd","data":{}}', kept({ status: 'Perhaps' })])(
  '%s changes nothing',
  (payload) => {
    expect(updateLink(unknownLink, bootKept, payload)).toBe(unknownLink);
  },
);

test('the number of undeliverable messages is heard, and taken back when the module leaves', () => {
  const heard: [string, string] = [undeliverable, '{"count":2,"stops":1}'];
  expect(after(heard, [connectionLive, encodeVariable(up)])).toMatchObject({ undeliverable: 2, connected: true });
  expect(after(heard, [undeliverable, ''])).toMatchObject({ undeliverable: 0 });
});
