import { describe, expect, test } from '@jest/globals';
import { ask, booted } from '../support/ask.ts';
import { Bench } from '../support/bench.ts';

const accepted = { status: 'Accepted' };
const rejected = { status: 'Rejected' };

test('Java-OCA-OCPP-86: the answer comes first, the message after it', async () => {
  using bench = await booted(new Bench());
  expect(await ask(bench, 'TriggerMessage', { requestedMessage: 'Heartbeat' })).toEqual(accepted);
  expect(bench.csms.heard.map(({ frame }) => frame[2])).toEqual([accepted, 'Heartbeat']);
});

describe('StatusNotification', () => {
  test('steve-832: without a connector for all, the station included', async () => {
    using bench = await booted(new Bench({ connectors: 2 }));
    expect(await ask(bench, 'TriggerMessage', { requestedMessage: 'StatusNotification' })).toEqual(accepted);
    expect(bench.csms.payloads('StatusNotification').map(({ connectorId }) => connectorId)).toEqual([0, 1, 2]);
  });

  test.each([
    [0, accepted],
    [1, accepted],
    [2, rejected],
    [-1, rejected],
  ])('connector %i', async (connectorId, answer) => {
    using bench = await booted(new Bench());
    expect(await ask(bench, 'TriggerMessage', { requestedMessage: 'StatusNotification', connectorId })).toEqual(answer);
    expect(bench.csms.payloads('StatusNotification')).toHaveLength(answer === accepted ? 1 : 0);
  });
});

describe('MeterValues', () => {
  test('are refused while no meter has said anything', async () => {
    using bench = await booted(new Bench());
    expect(await ask(bench, 'TriggerMessage', { requestedMessage: 'MeterValues' })).toEqual(rejected);
    expect(await ask(bench, 'TriggerMessage', { requestedMessage: 'MeterValues', connectorId: 1 })).toEqual(rejected);
  });

  test('carry the context Trigger, and the transaction where there is one', async () => {
    using bench = await booted(new Bench({ connectors: 3 }));
    bench.begin(2);
    bench.read(10, 1);
    bench.read(20, 2);
    await bench.clock.advance(1);
    expect(await ask(bench, 'TriggerMessage', { requestedMessage: 'MeterValues' })).toEqual(accepted);
    const [first, second] = bench.csms.payloads('MeterValues');
    expect(first).toMatchObject({
      connectorId: 1,
      meterValue: [{ sampledValue: [{ context: 'Trigger', value: '10.00' }] }],
    });
    expect(first).not.toHaveProperty('transactionId');
    expect(second).toMatchObject({ connectorId: 2, transactionId: 1 });
  });
});
