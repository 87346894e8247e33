import { expect, test } from '@jest/globals';
import { ask, booted } from '../support/ask.ts';
import { Bench } from '../support/bench.ts';

test('a running transaction is stopped after the answer', async () => {
  using bench = await booted(new Bench());
  bench.begin();
  await bench.clock.advance(1);
  expect(await ask(bench, 'RemoteStopTransaction', { transactionId: 1 })).toEqual({ status: 'Accepted' });
  expect(bench.station.calls('stopTransaction')).toEqual([[1, { reason: 'Remote' }]]);
});

test('one that is unknown, ended, or has no id yet cannot be', async () => {
  using bench = await booted(new Bench());
  const rejected = { status: 'Rejected' };
  bench.csms.on('StartTransaction', 'silence');
  const id = bench.begin();
  await bench.clock.advance(1);
  expect(await ask(bench, 'RemoteStopTransaction', { transactionId: 1 })).toEqual(rejected);
  bench.csms.on('StartTransaction', { transactionId: 5, idTagInfo: { status: 'Accepted' } });
  await bench.clock.advance(60_000);
  expect(await ask(bench, 'RemoteStopTransaction', { transactionId: 1 })).toEqual(rejected);
  bench.end(id);
  expect(await ask(bench, 'RemoteStopTransaction', { transactionId: 5 })).toEqual(rejected);
  expect(bench.station.calls('stopTransaction')).toEqual([]);
});
