import { join } from 'node:path';
import { silentLogger } from '@chargemesh/base';
import { play, type Step } from '@chargemesh/scenarios';
import { expect, jest, test } from '@jest/globals';

jest.setTimeout(120_000);

const root = join(import.meta.dirname, '../..');

/** A session that a card begins and ends, of a card that is not blocked. */
const local: readonly Step[] = [
  { plug: 1 },
  { swipe: { evse: 1, card: 'STOLEN01' } },
  { expect: [{ 'Authorize.conf': { idTagInfo: { status: 'Blocked' } } }] },
  { swipe: { evse: 1, card: 'DEADBEEF' } },
  {
    expect: [
      { StartTransaction: { connectorId: 1, idTag: 'DEADBEEF' } },
      { 'StartTransaction.conf': { transactionId: '$tx1', idTagInfo: { status: 'Accepted' } } },
      { StatusNotification: { connectorId: 1, status: 'Charging' } },
    ],
  },
  { swipe: { evse: 1, card: 'DEADBEEF' } },
  { expect: [{ StopTransaction: { transactionId: '$tx1', idTag: 'DEADBEEF', reason: 'Local' } }] },
  { unplug: 1 },
  // The numbers are the library's own user's, not those of the bundled CSMS.
  { ledger: [{ connectorId: 1, id: '> 500000', idTag: 'DEADBEEF', reason: 'Local' }] },
];

/** A session that the CSMS begins and ends. */
const remote: readonly Step[] = [
  { plug: 2 },
  {
    call: {
      action: 'RemoteStartTransaction',
      payload: { connectorId: 2, idTag: 'REMOTE1' },
      answer: { status: 'Accepted' },
    },
  },
  {
    expect: [
      { StartTransaction: { connectorId: 2, idTag: 'REMOTE1' } },
      { StatusNotification: { connectorId: 2, status: 'Charging' } },
    ],
  },
  { call: { action: 'RemoteStopTransaction', payload: { transactionId: '$tx2' }, answer: { status: 'Accepted' } } },
  { expect: [{ StopTransaction: { transactionId: '$tx2', reason: 'Remote' } }] },
  { call: { action: 'RemoteStopTransaction', payload: { transactionId: 4711 }, answer: { status: 'Rejected' } } },
  { unplug: 2 },
];

const tags = { unknown: 'Invalid', tags: { DEADBEEF: 'Accepted', REMOTE1: 'Accepted', STOLEN01: 'Blocked' } };

/** How promptly limits and relays follow is for virtual time and the long run: other tests keep this machine busy meanwhile. */
const isOfTime = (failure: string): boolean => /^(relay|limit) at /.test(failure);

/** Real processes, real sockets, and a CSMS that others have written; all the scenarios at it are for the long run. */
test('a card begins a session and ends it, and then the CSMS does', async () => {
  const steps = [...local, ...remote];
  const read = {
    scenario: { name: 'two sessions', tags, steps },
    file: 'two sessions',
    configFile: join(root, 'config-sil-ocpp.yaml'),
    lines: steps.map((_step, line) => line),
  };
  const program = { command: join(root, 'mesh'), args: [] };
  const { failures, skipped } = await play(read, {
    world: { kind: 'real', layout: 'one', broker: { kind: 'embedded' }, csms: 'ocpp-rpc', program },
    log: silentLogger,
  });
  expect({ failures: failures.filter((failure) => !isOfTime(failure)), skipped }).toEqual({ failures: [] });
});
