import { expect, test } from '@jest/globals';
import { ask, booted } from '../support/ask.ts';
import { Bench } from '../support/bench.ts';

test.each(['Unlocked', 'UnlockFailed', 'NotSupported'] as const)(
  '%s is what the station made of it',
  async (status) => {
    using bench = await booted(new Bench());
    bench.station.unlockResult = status;
    expect(await ask(bench, 'UnlockConnector', { connectorId: 1 })).toEqual({ status });
    expect(bench.station.calls('unlockConnector')).toEqual([[1]]);
  },
);

test.each([0, -1, 2])('connector %i cannot be unlocked', async (connectorId) => {
  using bench = await booted(new Bench());
  expect(await ask(bench, 'UnlockConnector', { connectorId })).toEqual({ status: 'NotSupported' });
  expect(bench.station.calls('unlockConnector')).toEqual([]);
});

test('without a lock a transaction goes on, unless it is told to stop', async () => {
  for (const stops of [false, true]) {
    using bench = await booted(new Bench({ sections: { Internal: { StopTransactionIfUnlockNotSupported: stops } } }));
    bench.station.unlockResult = 'NotSupported';
    bench.begin();
    await bench.clock.advance(1);
    expect(await ask(bench, 'UnlockConnector', { connectorId: 1 })).toEqual({ status: 'NotSupported' });
    expect(bench.station.calls('stopTransaction')).toEqual(stops ? [[1, { reason: 'UnlockCommand' }]] : []);
  }
});

test('a station that fails has not unlocked', async () => {
  using bench = await booted(new Bench());
  bench.station.unlockConnector = () => Promise.reject(new Error('gone'));
  expect(await ask(bench, 'UnlockConnector', { connectorId: 1 })).toEqual({ status: 'UnlockFailed' });
});
