import { readdirSync } from 'node:fs';
import type { TestMesh } from '@chargemesh/testkit';
import { describe, expect, test } from '@jest/globals';
import {
  booted,
  card,
  charging,
  configure,
  inFolder,
  limitSink,
  meterValue,
  type Station,
  startStation,
  useStationFolder,
} from './support/ocpp-station.ts';

useStationFolder();

describe('start', () => {
  test('nothing is sent, and no EVSE released, before all EVSEs wait', async () => {
    const { mesh, csms, evse } = await startStation();
    await mesh.clock.advance(60_000);
    expect(csms.urls).toEqual([]);
    expect(evse.calls('evse', 'external_ready_to_start_charging')).toEqual([]);
  });

  test('tells Auth its timeout, enables and releases the EVSE, then boots', async () => {
    const { csms, evse, auth, mesh } = await booted();
    expect(auth.calls('main', 'set_connection_timeout').map(({ args }) => args)).toEqual([{ connection_timeout: 20 }]);
    expect(evse.calls('evse', 'enable_disable')[0]?.args).toEqual({
      connector_id: 0,
      cmd_source: { enable_source: 'CSMS', enable_state: 'Enable', enable_priority: 5000 },
    });
    expect(evse.calls('evse', 'external_ready_to_start_charging')).toHaveLength(1);
    expect(csms.urls).toEqual(['ws://csms/ocpp/cp001']);
    expect(csms.story()).toEqual(['BootNotification', 'SecurityEventNotification', '0 Available', '1 Available']);
    expect(mesh.values('ocpp', 'ocpp_generic', 'connection_status').at(-1)).toMatchObject({
      connected: true,
      identity: 'cp001',
    });
    expect(mesh.values('ocpp', 'ocpp_generic', 'boot_notification_response')).toHaveLength(1);
  });

  test('what is wanted of an EVSE is told before it is released', async () => {
    const { evse } = await booted();
    const told = evse.calls('evse').map(({ command }) => command);
    const release = told.indexOf('external_ready_to_start_charging');
    expect(told.slice(0, release)).toContain('enable_disable');
    expect(told.slice(release)).not.toContain('enable_disable');
  });

  test('a charger that does not answer holds up no EVSE, and the boot for ten seconds', async () => {
    const { csms, evse, mesh } = await booted({ charger: () => new Promise(() => {}) });
    expect(evse.calls('evse', 'external_ready_to_start_charging')).toHaveLength(1);
    expect(csms.story()).toEqual([]);
    await mesh.clock.advance(10_000);
    expect(csms.story()[0]).toBe('BootNotification');
  });

  test.each(['Accepted', 'Pending', 'Rejected'] as const)('that a boot was answered by %s is told', async (status) => {
    const { csms, mesh, evse } = await startStation();
    csms.answers.set('BootNotification', { status, currentTime: '2026-01-01T00:00:00.000Z', interval: 60 });
    evse.publish('evse', 'waiting_for_external_ready', true);
    await mesh.clock.advance(1_000);
    expect(mesh.values('ocpp', 'ocpp_generic', 'boot_notification_response')).toMatchObject([{ status }]);
  });

  test('who the charger says that it is goes before what the configuration says', async () => {
    const charger = { vendor: 'Maker', model: 'Post', chargebox_serial: 'B1', firmware_version: 'x'.repeat(60) };
    const { csms } = await booted({ charger: () => charger });
    expect(csms.payloads('BootNotification')).toEqual([
      {
        chargePointVendor: 'Maker',
        chargePointModel: 'Post',
        chargeBoxSerialNumber: 'B1',
        firmwareVersion: '1',
      },
    ]);
  });

  test('a module that does not say who the charger is keeps nobody from the CSMS', async () => {
    const { csms } = await booted({
      charger: () => {
        throw new Error('not now');
      },
    });
    expect(csms.payloads('BootNotification')).toMatchObject([{ chargePointVendor: 'Test' }]);
  });

  test('DelayOcppStart holds back the connection, not the EVSEs', async () => {
    const { mesh, csms, evse } = await startStation({ config: { DelayOcppStart: 5_000 } });
    evse.publish('evse', 'waiting_for_external_ready', true);
    await mesh.clock.advance(4_900);
    expect(evse.calls('evse', 'external_ready_to_start_charging')).toHaveLength(1);
    expect(csms.urls).toEqual([]);
    await mesh.clock.advance(200);
    expect(csms.urls).toHaveLength(1);
  });

  test('an EVSE that runs already is not waited for', async () => {
    const { mesh, csms, evse } = await startStation();
    evse.publish('evse', 'ready', true);
    await mesh.clock.advance(1_000);
    expect(csms.payloads('BootNotification')).toHaveLength(1);
  });

  test('an energy sink that is mapped to no EVSE is refused at the start', async () => {
    await expect(booted({ sink: limitSink([]), sinkUnmapped: true })).rejects.toThrow('has no EVSE mapping');
  });

  test.each([
    [30, 3],
    [0, 1],
  ])('an energy sink hears its limits again at each interval: %i s', async (interval, times) => {
    const limits: number[] = [];
    const config = { PublishChargingScheduleIntervalS: interval };
    const { mesh } = await booted({ sink: limitSink(limits), config });
    await mesh.clock.advance(60_000);
    expect(limits).toEqual(new Array(times).fill(48));
  });

  test('another store of the keys is refused at the start', async () => {
    await expect(booted({ config: { ConfigBackend: 'floppy' } })).rejects.toThrow(
      'ConfigBackend is floppy: write legacy, device_model or device_model_with_migration',
    );
  });

  test('the stores that EVerest knows are taken, and the keys are those of the file', async () => {
    const { mesh } = await booted({ config: { ConfigBackend: 'device_model_with_migration' } });
    expect(await mesh.call('ocpp', 'main', 'get_configuration_key', { keys: ['HeartbeatInterval'] })).toMatchObject({
      configuration_keys: [{ value: '300' }],
    });
  });

  test('an EVSE that does not say its number keeps nobody from the CSMS', async () => {
    const { mesh, csms, evse } = await startStation({
      evse: (probe) =>
        probe.answer('evse', 'get_evse', () => {
          throw new Error('not now');
        }),
    });
    evse.publish('evse', 'waiting_for_external_ready', true);
    await mesh.clock.advance(1000);
    expect(csms.payloads('BootNotification')).toHaveLength(1);
  });

  test('an EVSE with another number than its place among the connections has the number of its place', async () => {
    const { mesh, csms, session } = await booted({
      evse: (probe) => probe.answer('evse', 'get_evse', () => ({ id: 5, connectors: [] })),
    });
    await session('SessionStarted', { session_started: { reason: 'EVConnected', meter_value: meterValue(1, mesh) } });
    expect(csms.story().at(-1)).toBe('1 Preparing');
  });

  test('the database has the name of the station, in the folder of databases', async () => {
    await booted({ stateDir: inFolder(), config: { DatabasePath: inFolder('databases') } });
    expect(readdirSync(inFolder('databases'))).toContain('cp001.db');
  });

  test('says which station it is, and whom it calls, though nobody answers', async () => {
    const { mesh, csms } = await startStation();
    csms.reachable = false;
    await mesh.settle();
    const told = { connected: false, identity: 'cp001', csms_url: 'ws://csms/ocpp', security_profile: 0 };
    expect(mesh.values('ocpp', 'ocpp_generic', 'connection_status')).toMatchObject([told]);
    const kept = mesh.topics.keptVariable('ocpp', 'ocpp_generic', 'connection_status');
    expect(mesh.messages.filter(({ topic }) => topic === kept)).toHaveLength(1);
    expect(csms.urls).toEqual([]);
  });
});

describe('whoever was away is told again', () => {
  const leaveAndReturn = async (mesh: TestMesh, id: string): Promise<void> => {
    for (const state of ['ready', 'gone', 'ready']) {
      mesh.external.publish(mesh.topics.status(id), JSON.stringify({ state }));
      await mesh.settle();
    }
  };

  test('an EVSE that it may charge, and whether it may be used, although that was changed meanwhile', async () => {
    const { mesh, csms, evse } = await booted();
    for (const state of ['ready', 'gone']) {
      mesh.external.publish(mesh.topics.status('evse'), JSON.stringify({ state }));
      await mesh.settle();
    }
    evse.forgetCalls();
    expect(await csms.call('ChangeAvailability', { connectorId: 1, type: 'Inoperative' })).toEqual({
      status: 'Accepted',
    });
    await mesh.clock.advance(100);
    expect(evse.calls('evse')).toEqual([]);
    mesh.external.publish(mesh.topics.status('evse'), JSON.stringify({ state: 'ready' }));
    await mesh.settle();
    expect(evse.calls('evse').map(({ command }) => command)).toEqual([
      'external_ready_to_start_charging',
      'enable_disable',
    ]);
    expect(evse.calls('evse', 'enable_disable')[0]?.args).toMatchObject({ cmd_source: { enable_state: 'Disable' } });
  });

  test('an EVSE in a charge after which it is to be out of service: not before the end', async () => {
    const { mesh, csms, evse, session } = await charging();
    expect(await csms.call('ChangeAvailability', { connectorId: 1, type: 'Inoperative' })).toEqual({
      status: 'Scheduled',
    });
    evse.forgetCalls();
    await leaveAndReturn(mesh, 'evse');
    expect(evse.calls('evse', 'enable_disable')).toEqual([]);
    await session('TransactionFinished', {
      transaction_finished: { reason: 'Local', meter_value: meterValue(9, mesh) },
    });
    await session('SessionFinished', { session_finished: { meter_value: meterValue(9, mesh) } });
    expect(evse.calls('evse', 'enable_disable')[0]?.args).toMatchObject({ cmd_source: { enable_state: 'Disable' } });
  });

  test('Auth for how long a car is waited for', async () => {
    const { mesh, csms, auth } = await booted();
    for (const state of ['ready', 'gone']) {
      mesh.external.publish(mesh.topics.status('auth'), JSON.stringify({ state }));
      await mesh.settle();
    }
    auth.forgetCalls();
    await csms.call('ChangeConfiguration', { key: 'ConnectionTimeOut', value: '30' });
    await mesh.settle();
    expect(auth.calls('main')).toEqual([]);
    mesh.external.publish(mesh.topics.status('auth'), JSON.stringify({ state: 'ready' }));
    await mesh.settle();
    expect(auth.calls('main', 'set_connection_timeout').map(({ args }) => args)).toEqual([{ connection_timeout: 30 }]);
  });

  test('an energy sink of the limits of its EVSE', async () => {
    const limits: number[] = [];
    const { mesh } = await booted({ sink: limitSink(limits) });
    expect(limits).toEqual([48]);
    await mesh.kill('sink');
    await mesh.startModule('sink');
    await mesh.sayReady();
    expect(limits).toEqual([48, 48]);
  });
});

describe('messages that the CSMS refused for good', () => {
  const topic = 'chargemesh/modules/ocpp/undeliverable';
  const sentBy = (mesh: TestMesh, wanted: string) =>
    mesh.external.messages(wanted).map(({ payload }) => (payload === '' ? '' : JSON.parse(payload)));

  async function ask(mesh: TestMesh, request: object) {
    mesh.external.publish(`${topic}/request`, JSON.stringify(request));
    await mesh.clock.advance(100);
    return sentBy(mesh, `${topic}/response`).at(-1);
  }

  async function oneLost(): Promise<Station> {
    const station = await charging();
    const { mesh, csms, session } = station;
    csms.refuses.add('StopTransaction');
    await session('TransactionFinished', {
      transaction_finished: { reason: 'Local', meter_value: meterValue(250, mesh) },
    });
    await mesh.clock.advance(10_000);
    return station;
  }

  test('are counted where late joiners find it, as long as the module is there', async () => {
    const { mesh } = await oneLost();
    expect(sentBy(mesh, topic)).toEqual([
      { count: 0, stops: 0 },
      { count: 1, stops: 1 },
    ]);
    await mesh.stop();
    expect(sentBy(mesh, topic).at(-1)).toBe('');
  });

  test('are shown', async () => {
    const { mesh } = await oneLost();
    expect(await ask(mesh, { id: 'a' })).toMatchObject({
      id: 'a',
      messages: [
        {
          id: 1,
          action: 'StopTransaction',
          ledgerId: 1,
          connectorId: 1,
          sessionId: '9589219c-9fb0-4e20-9819-ade2884d1403',
          payload: { meterStop: 250 },
          attempts: 3,
          error: 'InternalError: no',
          failedAt: expect.stringMatching(/^\d{4}-.*Z$/),
        },
      ],
    });
  });

  test.each([{ resend: [1, 7] }, { resend: 'all' }])('are sent again: %j', async ({ resend }) => {
    const { mesh, csms } = await oneLost();
    csms.refuses.clear();
    const before = csms.payloads('StopTransaction').length;
    expect(await ask(mesh, { id: 'b', resend })).toMatchObject({
      id: 'b',
      resent: [{ id: 1, action: 'StopTransaction' }],
      unknown: resend === 'all' ? [] : [7],
    });
    expect(csms.payloads('StopTransaction').slice(before)).toMatchObject([{ transactionId: 1, meterStop: 250 }]);
    expect(sentBy(mesh, topic).at(-1)).toEqual({ count: 0, stops: 0 });
  });

  test.each(['', 'x', '[]', '{}', '{"id":1}', '{"id":"c","resend":1}', '{"id":"c","resend":["1"]}'])(
    'a request %s is left out',
    async (request) => {
      const { mesh } = await oneLost();
      mesh.external.publish(`${topic}/request`, request);
      await mesh.clock.advance(100);
      expect(sentBy(mesh, `${topic}/response`)).toEqual([]);
      expect(sentBy(mesh, topic).at(-1)).toEqual({ count: 1, stops: 1 });
    },
  );
});

describe('a session', () => {
  test('becomes a transaction of the CSMS', async () => {
    const { mesh, csms, session } = await charging();
    await session('StoppingCharging');
    await session('TransactionFinished', {
      transaction_finished: { reason: 'Local', id_tag: card, meter_value: meterValue(250.5, mesh) },
    });
    await session('SessionFinished', { session_finished: { meter_value: meterValue(250.5, mesh) } });
    expect(csms.story().slice(4)).toEqual([
      '1 Preparing',
      'StartTransaction',
      '1 Charging',
      'StopTransaction',
      '1 Finishing',
      '1 Available',
    ]);
    expect(csms.payloads('StartTransaction')[0]).toMatchObject({ connectorId: 1, idTag: 'TAG1', meterStart: 100 });
    expect(csms.payloads('StopTransaction')[0]).toMatchObject({
      transactionId: 1,
      idTag: 'TAG1',
      meterStop: 251,
      reason: 'Local',
    });
    expect(
      mesh.values('ocpp', 'ocpp_generic', 'ocpp_transaction_event').map((event) => event.transaction_event),
    ).toEqual(['Started', 'Updated', 'Ended']);
  });

  test('that ends while the link is down reaches the CSMS later, with its id and in order', async () => {
    const { mesh, csms, session } = await charging();
    csms.drop();
    await session('TransactionFinished', {
      transaction_finished: { reason: 'EVDisconnected', meter_value: meterValue(200, mesh) },
    });
    await session('SessionFinished', { session_finished: { meter_value: meterValue(200, mesh) } });
    expect(csms.payloads('StopTransaction')).toEqual([]);
    await mesh.clock.advance(60_000);
    expect(csms.payloads('StopTransaction')).toMatchObject([
      { transactionId: 1, reason: 'EVDisconnected', meterStop: 200 },
    ]);
  });

  test('of which the car says how full it is has that in its meter values', async () => {
    const { mesh, csms, evse, session } = await charging();
    evse.publish('evse', 'ev_info', { soc: 42 });
    evse.publish('evse', 'powermeter', meterValue(120, mesh));
    await mesh.settle();
    await csms.call('ChangeConfiguration', {
      key: 'MeterValuesSampledData',
      value: 'Energy.Active.Import.Register,SoC',
    });
    const values = async (): Promise<string[]> => {
      expect(await csms.call('TriggerMessage', { requestedMessage: 'MeterValues', connectorId: 1 })).toEqual({
        status: 'Accepted',
      });
      await mesh.clock.advance(10);
      const [told] = csms.payloads('MeterValues').at(-1)?.meterValue ?? [];
      return told.sampledValue.map((sample: Record<string, string>) => `${sample.measurand} ${sample.value}`);
    };
    expect(await values()).toEqual(['Energy.Active.Import.Register 120.00', 'SoC 42.00']);
    await session('SessionFinished', { session_finished: { meter_value: meterValue(130, mesh) } });
    evse.publish('evse', 'powermeter', meterValue(130, mesh));
    await mesh.settle();
    expect(await values()).toEqual(['Energy.Active.Import.Register 130.00']);
  });
});

test('what an EVSE offers its car is in the meter values', async () => {
  configure({ Core: { MeterValuesSampledData: 'Current.Offered,Power.Offered' } });
  const { mesh, csms, evse } = await booted();
  evse.publish('evse', 'powermeter', meterValue(1, mesh));
  evse.publish('evse', 'enforced_limits', {
    uuid: 'evse',
    schedule: [],
    valid_for: 60,
    limits_root_side: {
      ac_max_current_A: { value: 16.7, source: 's' },
      ac_max_phase_count: { value: 3, source: 's' },
    },
  });
  await mesh.clock.advance(100);
  await csms.call('TriggerMessage', { requestedMessage: 'MeterValues', connectorId: 1 });
  await mesh.clock.advance(100);
  const [told] = csms.payloads('MeterValues').at(-1)?.meterValue ?? [];
  expect(told.sampledValue.map(({ measurand, value }: Record<string, string>) => `${measurand} ${value}`)).toEqual([
    'Current.Offered 16.00',
    'Power.Offered 11523.00',
  ]);
});

describe('what an EVSE tells', () => {
  test('before the station has started waits, and is taken in its order', async () => {
    const { mesh, csms, evse, session } = await startStation();
    await session('SessionStarted', { session_started: { reason: 'EVConnected', meter_value: meterValue(100, mesh) } });
    await session('TransactionStarted', { transaction_started: { id_tag: card, meter_value: meterValue(100, mesh) } });
    await session('ChargingStarted', { charging_state_changed_event: { meter_value: meterValue(101, mesh) } });
    expect(csms.urls).toEqual([]);
    evse.publish('evse', 'waiting_for_external_ready', true);
    await mesh.clock.advance(1000);
    expect(csms.payloads('StartTransaction')).toMatchObject([{ connectorId: 1, idTag: 'TAG1' }]);
    expect(csms.story().at(-1)).toBe('1 Charging');
  });

  test('while the station is stopped is not lost: the end of a charge is told in the next life', async () => {
    const { mesh, csms, session } = await charging();
    const stopped = mesh.call('ocpp', 'ocpp_generic', 'stop');
    await mesh.clock.advance(1000);
    await stopped;
    await session('TransactionFinished', {
      transaction_finished: { reason: 'Other', meter_value: meterValue(150, mesh) },
    });
    expect(csms.payloads('StopTransaction')).toEqual([]);
    await mesh.call('ocpp', 'ocpp_generic', 'restart');
    await mesh.clock.advance(1000);
    expect(csms.payloads('StopTransaction')).toMatchObject([{ transactionId: 1, meterStop: 150, reason: 'Other' }]);
  });
});

describe('the module comes back in the charge', () => {
  async function startAgain({ mesh, evse }: Station, waits = true): Promise<void> {
    await mesh.startModule('ocpp');
    await mesh.sayReady();
    if (waits) evse.publish('evse', 'waiting_for_external_ready', true);
    await mesh.clock.advance(1000);
  }

  test('after a reset of the mesh the end that the EVSE tells counts, with its meter', async () => {
    const station = await charging({ stateDir: inFolder() });
    const { mesh, csms, session } = station;
    await mesh.stopModule('ocpp');
    await startAgain(station, false);
    await session('SessionResumed');
    await session('TransactionFinished', {
      transaction_finished: { reason: 'PowerLoss', meter_value: meterValue(160, mesh) },
    });
    station.evse.publish('evse', 'waiting_for_external_ready', true);
    await mesh.clock.advance(60_000);
    expect(csms.payloads('StopTransaction')).toMatchObject([{ transactionId: 1, meterStop: 160, reason: 'PowerLoss' }]);
  });

  test('an EVSE that waits first and tells then is heard, too', async () => {
    const station = await charging({ stateDir: inFolder() });
    const { mesh, csms, session } = station;
    await mesh.stopModule('ocpp');
    await startAgain(station);
    await mesh.clock.advance(5_000);
    await session('SessionResumed');
    await session(
      'TransactionFinished',
      { transaction_finished: { reason: 'PowerLoss', meter_value: meterValue(160, mesh) } },
      '',
    );
    await mesh.clock.advance(60_000);
    expect(csms.payloads('StopTransaction')).toMatchObject([{ transactionId: 1, meterStop: 160, reason: 'PowerLoss' }]);
  });

  test('of an EVSE that tells nothing the reading at the shutdown counts', async () => {
    const station = await charging({ stateDir: inFolder() });
    const { mesh, csms, evse } = station;
    evse.publish('evse', 'powermeter', meterValue(110, mesh));
    await mesh.clock.advance(30_000);
    evse.publish('evse', 'powermeter', meterValue(140, mesh));
    await mesh.clock.advance(1000);
    await mesh.stopModule('ocpp');
    await startAgain(station);
    await mesh.clock.advance(60_000);
    expect(csms.payloads('StopTransaction')).toMatchObject([{ transactionId: 1, meterStop: 140, reason: 'PowerLoss' }]);
  });

  test.each(['killed', 'stopped'])('alone, %s: session and transaction go on', async (how) => {
    const station = await charging({ stateDir: inFolder(), run: 'run-1' });
    const { mesh, csms, session } = station;
    if (how === 'killed') await mesh.kill('ocpp');
    else await mesh.stopModule('ocpp');
    await startAgain(station);
    await mesh.clock.advance(60_000);
    expect(csms.payloads('StopTransaction')).toEqual([]);
    expect(csms.story().at(-1)).toBe('1 Charging');
    await session('TransactionFinished', {
      transaction_finished: { reason: 'Local', id_tag: card, meter_value: meterValue(250, mesh) },
    });
    expect(csms.payloads('StopTransaction')).toMatchObject([{ transactionId: 1, meterStop: 250, reason: 'Local' }]);
  });

  test('a sign of life of its session takes the transaction up', async () => {
    const station = await charging({ stateDir: inFolder() });
    const { mesh, csms, session } = station;
    await mesh.kill('ocpp');
    await startAgain(station);
    await session('ChargingPausedEV', { charging_state_changed_event: { meter_value: meterValue(120, mesh) } });
    await mesh.clock.advance(60_000);
    expect(csms.payloads('StopTransaction')).toEqual([]);
    expect(csms.story().at(-1)).toBe('1 SuspendedEV');
  });
});

describe('the CSMS asks', () => {
  test('for the public key of a meter, once the meter has told it', async () => {
    const { mesh, csms, evse } = await booted();
    const asked = (): Promise<unknown> => csms.call('GetConfiguration', { key: ['MeterPublicKey1'] });
    expect(await asked()).toEqual({ unknownKey: ['MeterPublicKey1'] });
    evse.publish('evse', 'powermeter_public_key_ocmf', '3059301306072A');
    await mesh.clock.advance(100);
    expect(await asked()).toEqual({
      configurationKey: [{ key: 'MeterPublicKey1', readonly: true, value: '3059301306072A' }],
    });
  });

  test('reservations go to Auth, by their EVSE', async () => {
    const { csms, auth } = await booted();
    auth.answer('reservation', 'reserve_now', () => 'Occupied');
    auth.answer('reservation', 'cancel_reservation', () => true);
    const request = { expiryDate: '2026-01-01T01:00:00Z', idTag: 'RES1', reservationId: 7 };
    expect(await csms.call('ReserveNow', { ...request, connectorId: 1, parentIdTag: 'GROUP' })).toEqual({
      status: 'Occupied',
    });
    expect(await csms.call('CancelReservation', { reservationId: 7 })).toEqual({ status: 'Accepted' });
    expect(auth.calls('reservation', 'reserve_now').map(({ args }) => args)).toEqual([
      {
        request: {
          reservation_id: 7,
          id_token: 'RES1',
          expiry_time: '2026-01-01T01:00:00.000Z',
          evse_id: 1,
          parent_id_token: 'GROUP',
        },
      },
    ]);
    expect(auth.calls('reservation', 'cancel_reservation').map(({ args }) => args)).toEqual([{ reservation_id: 7 }]);
  });

  test('for a start: the token is published as if it had been swiped', async () => {
    const { mesh, csms } = await booted();
    expect(await csms.call('RemoteStartTransaction', { connectorId: 1, idTag: 'REMOTE1' })).toEqual({
      status: 'Accepted',
    });
    expect(mesh.values('ocpp', 'auth_provider', 'provided_token')).toEqual([
      {
        authorization_type: 'OCPP',
        connectors: [1],
        id_token: { type: 'Central', value: 'REMOTE1' },
        prevalidated: false,
      },
    ]);
  });

  test('for a stop: the EVSE is told why', async () => {
    const { csms, evse } = await charging();
    expect(await csms.call('RemoteStopTransaction', { transactionId: 1 })).toEqual({ status: 'Accepted' });
    expect(evse.calls('evse', 'stop_transaction').map(({ args }) => args)).toEqual([{ request: { reason: 'Remote' } }]);
    expect(await csms.call('RemoteStopTransaction', { transactionId: 2 })).toEqual({ status: 'Rejected' });
  });

  test('for an unlock: the EVSE says whether it has a lock', async () => {
    const { csms, evse } = await booted();
    expect(await csms.call('UnlockConnector', { connectorId: 1 })).toEqual({ status: 'Unlocked' });
    evse.answer('evse', 'force_unlock', () => {
      throw new Error('the lock is stuck');
    });
    expect(await csms.call('UnlockConnector', { connectorId: 1 })).toEqual({ status: 'UnlockFailed' });
    evse.answer('evse', 'force_unlock', () => false);
    expect(await csms.call('UnlockConnector', { connectorId: 1 })).toEqual({ status: 'NotSupported' });
    expect(await csms.call('UnlockConnector', { connectorId: 9 })).toEqual({ status: 'NotSupported' });
  });

  test('for unavailability: the EVSE is disabled, and its word makes it so', async () => {
    const { csms, evse, session } = await booted();
    expect(await csms.call('ChangeAvailability', { connectorId: 1, type: 'Inoperative' })).toEqual({
      status: 'Accepted',
    });
    expect(evse.calls('evse', 'enable_disable').at(-1)?.args.cmd_source.enable_state).toBe('Disable');
    await session('Disabled', {}, '');
    expect(csms.story().at(-1)).toBe('1 Unavailable');
  });

  test('for a vendor’s message that nobody knows', async () => {
    const { csms } = await booted();
    expect(await csms.call('DataTransfer', { vendorId: 'x' })).toEqual({ status: 'UnknownVendorId' });
  });
});

describe('an authorisation', () => {
  test('by a contract is Invalid', async () => {
    const { mesh, csms } = await booted();
    const provided_token = { ...card, authorization_type: 'PlugAndCharge' };
    expect(await mesh.call('ocpp', 'auth_validator', 'validate_token', { provided_token })).toMatchObject({
      authorization_status: 'Invalid',
    });
    expect(csms.payloads('Authorize')).toEqual([]);
  });

  test('is asked of the CSMS and answered in the mesh’s words', async () => {
    const { mesh, csms } = await booted();
    const result = mesh.call('ocpp', 'auth_validator', 'validate_token', { provided_token: card });
    await mesh.clock.advance(100);
    expect(await result).toEqual({ authorization_status: 'Accepted', tariff_messages: [] });
    expect(csms.payloads('Authorize')).toEqual([{ idTag: 'TAG1' }]);
  });

  test('before the charge point has started is Unknown', async () => {
    const { mesh } = await startStation();
    const result = mesh.call('ocpp', 'auth_validator', 'validate_token', { provided_token: card });
    await mesh.clock.advance(2_000);
    expect(await result).toMatchObject({ authorization_status: 'Unknown' });
  });

  test('waits for a start that is under way', async () => {
    const { mesh, evse, csms } = await startStation();
    const result = mesh.call('ocpp', 'auth_validator', 'validate_token', { provided_token: card });
    await mesh.clock.advance(500);
    evse.publish('evse', 'waiting_for_external_ready', true);
    await mesh.clock.advance(1_000);
    expect(await result).toMatchObject({ authorization_status: 'Accepted' });
    expect(csms.payloads('Authorize')).toEqual([{ idTag: 'TAG1' }]);
  });
});

describe('errors of the mesh', () => {
  test('that were there before the start are told with it', async () => {
    const { mesh, csms, evse } = await startStation();
    evse.raise('evse', { type: 'evse_manager/MREC4OverCurrentFailure' });
    await mesh.clock.advance(1_000);
    evse.publish('evse', 'waiting_for_external_ready', true);
    await mesh.clock.advance(1_000);
    expect(csms.payloads('StatusNotification')).toContainEqual(
      expect.objectContaining({ connectorId: 0, errorCode: 'OverCurrentFailure' }),
    );
  });

  test('become status notifications; only Inoperative makes the connector Faulted', async () => {
    const { mesh, csms, evse } = await booted();
    evse.raise('evse', { type: 'evse_manager/MREC4OverCurrentFailure' });
    await mesh.clock.advance(10);
    expect(csms.payloads('StatusNotification').at(-1)).toMatchObject({
      connectorId: 0,
      status: 'Available',
      errorCode: 'OverCurrentFailure',
    });
    evse.clear('evse', 'evse_manager/MREC4OverCurrentFailure');
    await mesh.clock.advance(10);
    expect(csms.payloads('StatusNotification').at(-1)).toMatchObject({ connectorId: 0, errorCode: 'NoError' });
    evse.raise('evse', { type: 'evse_manager/Inoperative' });
    await mesh.clock.advance(10);
    expect(csms.payloads('StatusNotification').at(-1)).toMatchObject({ connectorId: 0, status: 'Faulted' });
  });
});

describe('the mesh asks', () => {
  test('for configuration keys, and sets one', async () => {
    const { mesh } = await booted();
    expect(
      await mesh.call('ocpp', 'main', 'get_configuration_key', { keys: ['HeartbeatInterval', 'Nonsense'] }),
    ).toEqual({
      configuration_keys: [{ key: 'HeartbeatInterval', read_only: false, value: '300' }],
      unknown_keys: ['Nonsense'],
    });
    expect(await mesh.call('ocpp', 'main', 'set_configuration_key', { key: 'ConnectionTimeOut', value: '60' })).toBe(
      'Accepted',
    );
    expect(await mesh.call('ocpp', 'main', 'set_configuration_key', { key: 'ConnectionTimeOut', value: '5' })).toBe(
      'Rejected',
    );
  });

  test('for variables, whatever component they are said to be of, in the order of the questions', async () => {
    const { mesh } = await booted();
    const component_variable = (name: string): object => ({ component: { name: 'any' }, variable: { name } });
    const ask = (name: string): object => ({ component_variable: component_variable(name), attribute_type: 'Actual' });
    const names = ['Nonsense', 'HeartbeatInterval', 'LightIntensity', 'Nonsense'];
    const read = await mesh.call('ocpp', 'ocpp_generic', 'get_variables', { requests: names.map(ask) });
    expect(read).toMatchObject([
      { status: 'UnknownVariable', component_variable: { variable: { name: 'Nonsense' } } },
      { status: 'Accepted', value: '300', component_variable: { component: { name: '' } } },
      { status: 'UnknownVariable' },
      { status: 'UnknownVariable' },
    ]);
    const set = (name: string, value: string): object => ({ ...ask(name), value });
    const requests = [set('ConnectionTimeOut', '60'), set('ConnectionTimeOut', '1'), set('Nonsense', '1')];
    const written = await mesh.call('ocpp', 'ocpp_generic', 'set_variables', { requests, source: 'x' });
    expect(written).toMatchObject([{ status: 'Accepted' }, { status: 'Rejected' }, { status: 'UnknownVariable' }]);
  });

  test('for a security event to be told: a critical one is, and none comes back on the bus', async () => {
    const { mesh, csms } = await booted();
    const before = mesh.values('ocpp', 'ocpp_generic', 'security_event').length;
    await mesh.call('ocpp', 'main', 'security_event', { type: 'MemoryExhaustion', info: 'full' });
    await mesh.call('ocpp', 'ocpp_generic', 'security_event', {
      event: { type: 'InvalidMessages', critical: true, timestamp: '2026-01-01T00:00:00Z' },
    });
    await mesh.call('ocpp', 'ocpp_generic', 'security_event', { event: { type: 'InvalidMessages' } });
    await mesh.clock.advance(100);
    expect(csms.payloads('SecurityEventNotification').slice(1)).toEqual([
      expect.objectContaining({ type: 'MemoryExhaustion', techInfo: 'full' }),
      { type: 'InvalidMessages', timestamp: '2026-01-01T00:00:00.000Z' },
    ]);
    expect(mesh.values('ocpp', 'ocpp_generic', 'security_event')).toHaveLength(before);
  });

  test('nothing of the old interface: it says neither connection nor security events', async () => {
    const { mesh } = await booted();
    expect(mesh.values('ocpp', 'main', 'is_connected')).toEqual([]);
    expect(mesh.values('ocpp', 'main', 'security_event')).toEqual([]);
    expect(mesh.values('ocpp', 'ocpp_generic', 'security_event')).toMatchObject([{ type: 'StartupOfTheDevice' }]);
  });

  test('to be told of keys that change: once, however often it asked', async () => {
    const { mesh, csms } = await booted();
    for (let time = 0; time < 2; time++) {
      await mesh.call('ocpp', 'main', 'monitor_configuration_keys', { keys: ['ConnectionTimeOut'] });
      await mesh.call('ocpp', 'ocpp_generic', 'monitor_variables', {
        component_variables: [{ component: { name: 'any' }, variable: { name: 'ConnectionTimeOut' } }],
      });
    }
    await csms.call('ChangeConfiguration', { key: 'ConnectionTimeOut', value: '60' });
    await csms.call('ChangeConfiguration', { key: 'MeterValueSampleInterval', value: '60' });
    await mesh.settle();
    expect(mesh.values('ocpp', 'main', 'configuration_key')).toEqual([
      { key: 'ConnectionTimeOut', read_only: false, value: '60' },
    ]);
    expect(mesh.values('ocpp', 'ocpp_generic', 'event_data')).toMatchObject([
      { actual_value: '60', component_variable: { component: { name: 'any' } } },
    ]);
  });

  test('to change the availability of one connector, or of all', async () => {
    const { mesh, csms } = await booted();
    const change = (request: object): Promise<unknown> =>
      mesh.call('ocpp', 'ocpp_generic', 'change_availability', { request });
    expect(await change({ operational_status: 'Inoperative', evse: { id: 1 } })).toMatchObject({
      status: 'Rejected',
      status_info: { reason_code: 'InvalidInput' },
    });
    expect(await change({ operational_status: 'Inoperative', evse: { id: 7, connector_id: 1 } })).toEqual({
      status: 'Rejected',
    });
    expect(await change({ operational_status: 'Inoperative' })).toEqual({ status: 'Accepted' });
    await mesh.clock.advance(100);
    expect(csms.story().at(-1)).toBe('0 Unavailable');
  });

  test.each([
    [true, [false, true]],
    [false, [true, true]],
  ])('by MQTT to disconnect and to connect, where EnableExternalWebsocketControl is %s', async (allowed, connected) => {
    const { mesh } = await booted({ config: { EnableExternalWebsocketControl: allowed } });
    const seen: unknown[] = [];
    for (const command of ['disconnect', 'connect']) {
      mesh.external.publish(`everest_api/ocpp/cmd/${command}`, '');
      await mesh.clock.advance(120_000);
      seen.push(mesh.values('ocpp', 'ocpp_generic', 'connection_status').at(-1));
    }
    expect(seen).toMatchObject(connected.map((is) => ({ connected: is })));
  });

  test('to stop and to go on', async () => {
    const { mesh, csms } = await booted();
    const stopped = mesh.call('ocpp', 'ocpp_generic', 'stop');
    await mesh.clock.advance(1000);
    expect(await stopped).toBe(true);
    expect(await mesh.call('ocpp', 'ocpp_generic', 'stop')).toBe(false);
    expect(await mesh.call('ocpp', 'ocpp_generic', 'restart')).toBe(true);
    await mesh.clock.advance(1000);
    expect(await mesh.call('ocpp', 'ocpp_generic', 'restart')).toBe(false);
    expect(csms.payloads('BootNotification')).toHaveLength(2);
  });
});
