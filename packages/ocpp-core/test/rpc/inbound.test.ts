import { describe, expect, test } from '@jest/globals';
import { ask, booted } from '../support/ask.ts';
import { Bench } from '../support/bench.ts';

/** What the station sent, without our own ids. */
function sent(bench: Bench): unknown[] {
  return bench.csms.heard.map(({ frame }) => frame);
}

describe('what is refused', () => {
  test('an action that OCPP does not know', async () => {
    using bench = await booted(new Bench());
    expect(await ask(bench, 'MakeCoffee')).toEqual(['NotImplemented', {}]);
  });

  test.each(['BootNotification', 'Heartbeat', 'StartTransaction'])(
    '%s, which is for the station to send',
    async (action) => {
      using bench = await booted(new Bench());
      expect(await ask(bench, action)).toEqual(['NotSupported', {}]);
    },
  );

  test.each([
    'CancelReservation',
    'SetChargingProfile',
    'ClearChargingProfile',
    'GetCompositeSchedule',
    'UpdateFirmware',
  ])('%s, whose profile is off', async (action) => {
    using bench = await booted(new Bench());
    expect(await ask(bench, action)).toEqual(['NotSupported', {}]);
  });

  test('TriggerMessage, where RemoteTrigger is off', async () => {
    using bench = await booted(new Bench({ sections: { Core: { SupportedFeatureProfiles: 'Core' } } }));
    expect(await ask(bench, 'TriggerMessage', { requestedMessage: 'Heartbeat' })).toEqual(['NotSupported', {}]);
  });

  test.each([
    ['a missing field', 'Reset', {}],
    ['a wrong type', 'RemoteStopTransaction', { transactionId: '4711' }],
    ['a fraction for an integer', 'RemoteStopTransaction', { transactionId: 4711.5 }],
    ['an unknown word', 'Reset', { type: 'Lukewarm' }],
    ['a text that is too long', 'RemoteStartTransaction', { idTag: 'x'.repeat(21) }],
    ['an unknown trigger', 'TriggerMessage', { requestedMessage: 'Coffee' }],
  ])('%s: FormationViolation with path and rule, and a security event', async (_, action, payload) => {
    using bench = await booted(new Bench());
    const events: unknown[] = [];
    bench.chargePoint.on('securityEvent', (event) => events.push(event));
    expect(await ask(bench, action, payload)).toEqual([
      'FormationViolation',
      { path: expect.any(String), rule: expect.any(String) },
    ]);
    expect(events).toMatchObject([{ type: 'InvalidMessages', info: expect.stringContaining(action) }]);
    expect(bench.csms.payloads('SecurityEventNotification')).toEqual([]);
  });

  test('properties that OCPP does not know are ignored', async () => {
    using bench = await booted(new Bench());
    expect(await ask(bench, 'ClearCache', { please: true })).toEqual({ status: 'Accepted' });
  });

  test('a handler that fails', async () => {
    using bench = await booted(new Bench());
    bench.station.dataTransfer = () => Promise.reject(new Error('no'));
    expect(await ask(bench, 'DataTransfer', { vendorId: 'x' })).toEqual(['InternalError', {}]);
  });
});

test('a database that fails is an InternalError, and the station lives', async () => {
  using bench = await booted(new Bench());
  bench.store.exec('ALTER TABLE AUTH_CACHE RENAME TO AWAY');
  expect(await ask(bench, 'ClearCache')).toEqual(['InternalError', {}]);
  bench.store.exec('ALTER TABLE AWAY RENAME TO AUTH_CACHE');
  expect(await ask(bench, 'ClearCache')).toEqual({ status: 'Accepted' });
});

describe('broken frames', () => {
  test.each(['oops', '{"a":1}', '[2]', '[2,7,"Reset",{}]'])('%s: GenericError under the id -1', async (text) => {
    using bench = await booted(new Bench());
    bench.csms.send(text);
    await bench.clock.advance(1);
    expect(sent(bench)).toEqual([[4, '-1', 'GenericError', expect.any(String), {}]]);
  });

  test('a request that is short of its payload is refused under its id', async () => {
    using bench = await booted(new Bench());
    bench.csms.send('[2,"77","Reset"]');
    await bench.clock.advance(1);
    expect(sent(bench)).toEqual([[4, '77', 'FormationViolation', expect.any(String), {}]]);
  });

  test.each(['[5,"1",{}]', '[3,"stranger",{}]', '[4,"stranger","GenericError","",{}]', '[3,"1"]'])(
    '%s: no answer',
    async (text) => {
      using bench = await booted(new Bench());
      bench.csms.send(text);
      await bench.clock.advance(1);
      expect(sent(bench)).toEqual([]);
    },
  );

  test('libocpp-995: an answer that its schema refuses is not answered, and the connection lives', async () => {
    using bench = await booted(new Bench());
    const events: unknown[] = [];
    bench.chargePoint.on('securityEvent', (event) => events.push(event));
    bench.csms.on('Heartbeat', {});
    await ask(bench, 'TriggerMessage', { requestedMessage: 'Heartbeat' });
    await bench.clock.advance(1);
    expect(bench.csms.heard.map(({ frame }) => frame[0])).toEqual([3, 2]);
    expect(events).toMatchObject([{ type: 'InvalidMessages' }]);
    expect(await ask(bench, 'ClearCache')).toEqual({ status: 'Accepted' });
  });

  test('the same message id twice is carried out twice', async () => {
    using bench = await booted(new Bench());
    bench.csms.send('[2,"1","ClearCache",{}]');
    bench.csms.send('[2,"1","ClearCache",{}]');
    expect(sent(bench)).toEqual([
      [3, '1', { status: 'Accepted' }],
      [3, '1', { status: 'Accepted' }],
    ]);
  });
});
