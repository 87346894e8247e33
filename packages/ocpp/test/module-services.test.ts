import { readdirSync, readFileSync } from 'node:fs';
import type { Probe, TestMesh } from '@chargemesh/testkit';
import { describe, expect, test } from '@jest/globals';
import {
  booted,
  card,
  configure,
  inFolder,
  meterValue,
  type Station,
  startStation,
  useStationFolder,
} from './support/ocpp-station.ts';

useStationFolder();

describe('files', () => {
  const location = 'ftp://files.example/';
  const withFiles = async (): Promise<Station> => {
    configure({ Core: { SupportedFeatureProfiles: 'Core,FirmwareManagement' } });
    const station = await booted();
    station.system.answer('main', 'upload_logs', () => ({ upload_logs_status: 'Accepted', file_name: 'logs.tar.gz' }));
    station.system.answer('main', 'update_firmware', () => 'Accepted');
    return station;
  };
  const argsOf = (system: Probe, command: string): unknown[] => system.calls('main', command).map(({ args }) => args);

  test('diagnostics are uploaded by System, and its progress is told in the words of OCPP', async () => {
    const { mesh, csms, system } = await withFiles();
    const asked = { location, startTime: '2026-01-01T00:00:00Z', retries: 2, retryInterval: 30 };
    expect(await csms.call('GetDiagnostics', asked)).toEqual({ fileName: 'logs.tar.gz' });
    expect(argsOf(system, 'upload_logs')).toEqual([
      {
        upload_logs_request: {
          location,
          oldest_timestamp: '2026-01-01T00:00:00.000Z',
          retries: 3,
          retry_interval_s: 30,
        },
      },
    ]);
    const statuses = ['Uploading', 'Uploaded', 'UploadFailure', 'AcceptedCanceled', 'BadMessage', 'PermissionDenied'];
    for (const log_status of [...statuses, 'NotSupportedOperation'])
      system.publish('main', 'log_status', { log_status, request_id: -1 });
    system.publish('main', 'log_status', { log_status: 'Uploading', request_id: 7 });
    await mesh.clock.advance(100);
    expect(csms.payloads('DiagnosticsStatusNotification').map(({ status }) => status)).toEqual([
      'Uploading',
      'Uploaded',
      ...new Array(5).fill('UploadFailed'),
    ]);
  });

  test('System updates the firmware, and may install it once no car is charged', async () => {
    const { mesh, csms, system, session } = await withFiles();
    expect(await csms.call('UpdateFirmware', { location, retrieveDate: '2026-01-01T00:00:00Z', retries: 1 })).toEqual(
      {},
    );
    expect(argsOf(system, 'update_firmware')).toEqual([
      {
        firmware_update_request: {
          location,
          request_id: -1,
          retrieve_timestamp: '2026-01-01T00:00:00.000Z',
          retries: 2,
        },
      },
    ]);
    const update = (firmware_update_status: string, request_id = -1): Promise<void> => {
      system.publish('main', 'firmware_update_status', { firmware_update_status, request_id });
      return mesh.clock.advance(100);
    };
    await session('SessionStarted', { session_started: { reason: 'EVConnected', meter_value: meterValue(1, mesh) } });
    for (const status of ['DownloadScheduled', 'Downloading', 'Downloaded']) await update(status);
    expect(system.calls('main', 'allow_firmware_installation')).toEqual([]);
    await session('SessionFinished', { session_finished: { meter_value: meterValue(1, mesh) } });
    expect(system.calls('main', 'allow_firmware_installation')).toHaveLength(1);
    await update('Installing', 7);
    await update('Installed');
    expect(csms.payloads('FirmwareStatusNotification').map(({ status }) => status)).toEqual([
      'Downloading',
      'Downloaded',
      'Installed',
    ]);
  });
});

test('what System tells of a firmware before the start is told after it', async () => {
  const { mesh, csms, evse, system } = await startStation();
  system.publish('main', 'firmware_update_status', { firmware_update_status: 'Installed', request_id: -1 });
  await mesh.clock.advance(1_000);
  evse.publish('evse', 'waiting_for_external_ready', true);
  await mesh.clock.advance(1_000);
  expect(csms.payloads('FirmwareStatusNotification')).toEqual([{ status: 'Installed' }]);
});

test('System says why the station was started, and is told the time of the CSMS', async () => {
  const { mesh, csms, evse, system } = await startStation();
  system.answer('main', 'get_boot_reason', () => 'FirmwareUpdate');
  evse.publish('evse', 'waiting_for_external_ready', true);
  await mesh.clock.advance(1_000);
  expect(csms.payloads('SecurityEventNotification')).toMatchObject([{ type: 'FirmwareUpdated' }]);
  expect(system.calls('main', 'set_system_time').map(({ args }) => args)).toEqual([
    { timestamp: expect.stringMatching(/^2026-01-01T00:00:00\.\d{3}Z$/) },
  ]);
});

test('the group of a card is told to Auth with the answer to the start, and a refused card ends the charge', async () => {
  const { mesh, csms, evse, session } = await booted();
  csms.answers.set('StartTransaction', {
    transactionId: 9,
    idTagInfo: { status: 'Invalid', parentIdTag: 'GROUP' },
  });
  await session('SessionStarted', { session_started: { reason: 'EVConnected', meter_value: meterValue(100, mesh) } });
  await session('TransactionStarted', { transaction_started: { id_tag: card, meter_value: meterValue(100, mesh) } });
  expect(mesh.values('ocpp', 'auth_validator', 'validate_result_update')).toMatchObject([
    { connector_id: 1, validation_result: { parent_id_token: { value: 'GROUP' } } },
  ]);
  expect(evse.calls('evse', 'stop_transaction').map(({ args }) => args)).toEqual([
    { request: { reason: 'DeAuthorized' } },
  ]);
});

describe('a message of a vendor', () => {
  test.each([
    [
      { status: 'Accepted', data: 'd' },
      { status: 'Accepted', data: 'd' },
    ],
    [{ status: 'UnknownMessageId' }, { status: 'UnknownMessageId' }],
    [{ status: 'Offline' }, { status: 'UnknownVendorId' }],
    ['a failure', { status: 'Rejected' }],
  ])('that the module for them answers with %j', async (made, told) => {
    const asked: object[] = [];
    const { csms } = await booted({
      dataTransfer: (request) => {
        asked.push(request);
        if (typeof made === 'string') throw new Error(made);
        return made;
      },
    });
    expect(await csms.call('DataTransfer', { vendorId: 'v', messageId: 'm', data: 'x' })).toEqual(told);
    expect(asked).toEqual([{ vendor_id: 'v', message_id: 'm', data: 'x' }]);
  });

  test('of the station reaches the CSMS, and says so where there is none', async () => {
    const { mesh, csms } = await booted();
    const send = async (): Promise<unknown> => {
      const sent = mesh.call('ocpp', 'data_transfer', 'data_transfer', { request: { vendor_id: 'v', data: 'x' } });
      await mesh.clock.advance(1_000);
      return await sent;
    };
    csms.refuses.add('DataTransfer');
    expect(await send()).toEqual({ status: 'Rejected' });
    expect(csms.payloads('DataTransfer')).toEqual([{ vendorId: 'v', data: 'x' }]);
    csms.drop();
    expect(await send()).toEqual({ status: 'Offline' });
  });
});

test('ResetStopDelay lies between the answer to a Reset and the reset', async () => {
  const { mesh, csms, system } = await booted({ config: { ResetStopDelay: 3 } });
  expect(await csms.call('Reset', { type: 'Soft' })).toEqual({ status: 'Accepted' });
  await mesh.clock.advance(2_900);
  expect(system.calls('main', 'reset')).toEqual([]);
  await mesh.clock.advance(200);
  expect(system.calls('main', 'reset').map(({ args }) => args)).toEqual([{ type: 'Soft', scheduled: false }]);
});

describe('LightIntensity and BlinkRepeat', () => {
  const lamps = (mesh: TestMesh): string[] =>
    mesh.external.messages('chargemesh/modules/ocpp/lamps').map(({ payload }) => payload);

  test('are on the bus for whoever drives the lamps, follow the CSMS, and leave with the module', async () => {
    configure({ Core: { LightIntensity: 50, BlinkRepeat: 3 } });
    const { mesh, csms } = await booted();
    await csms.call('ChangeConfiguration', { key: 'LightIntensity', value: '0' });
    await csms.call('ChangeConfiguration', { key: 'BlinkRepeat', value: '1' });
    await mesh.settle();
    await mesh.stop();
    expect(lamps(mesh)).toEqual([
      '{"light_intensity_percent":50,"blink_repeat":3}',
      '{"light_intensity_percent":0,"blink_repeat":3}',
      '{"light_intensity_percent":0,"blink_repeat":1}',
      '',
    ]);
  });

  test('where the station has only one of them, the other is left out', async () => {
    configure({ Core: { BlinkRepeat: 3 } });
    expect(lamps((await booted()).mesh)).toEqual(['{"blink_repeat":3}']);
  });

  test('where it has neither, nothing is said', async () => {
    expect(lamps((await booted()).mesh)).toEqual([]);
  });
});

test('StopTransactionOnEVSideDisconnect is on the bus for the EVSEs', async () => {
  configure({ Core: { StopTransactionOnEVSideDisconnect: false } });
  const { mesh } = await booted();
  await mesh.stop();
  const told = mesh.external.messages('chargemesh/modules/ocpp/unplugging').map(({ payload }) => payload);
  expect(told).toEqual(['{"ends_transaction":false}', '']);
});

describe('the messages with the CSMS', () => {
  const key = { key: 'AuthorizationKey', value: 'Zebra-Zebra-Zebra' };

  test('are in the files of MessageLogPath, and those of a session beside its log', async () => {
    configure({ Internal: { LogMessagesFormat: ['log', 'html', 'security', 'session_logging'] } });
    const { mesh, session } = await booted({ config: { MessageLogPath: inFolder('logs') } });
    await session('SessionStarted', {
      session_started: { reason: 'EVConnected', meter_value: meterValue(1, mesh), logging_path: inFolder('one') },
    });
    await session('SessionFinished', { session_finished: { meter_value: meterValue(1, mesh) } });
    await mesh.stop();
    expect(readdirSync(inFolder('logs')).sort()).toEqual([
      'ocpp-messages.html',
      'ocpp-messages.log',
      'security-events.log',
    ]);
    expect(readFileSync(inFolder('logs', 'security-events.log'), 'utf8')).toContain('StartupOfTheDevice');
    expect(readdirSync(inFolder('one')).sort()).toEqual(['ocpp.html', 'ocpp.log']);
    expect(readFileSync(inFolder('one', 'ocpp.log'), 'utf8')).toContain('"status":"Preparing"');
  });

  test('are on the bus with the format callback alone, without a password', async () => {
    configure({ Internal: { LogMessagesFormat: ['callback'] } });
    const { mesh, csms } = await booted();
    await csms.call('ChangeConfiguration', key);
    const told = mesh.values('ocpp', 'ocpp_generic', 'ocpp_message');
    expect(told).toContainEqual({
      direction: 'ChargingStationToCSMS',
      message: expect.stringContaining('"BootNotification"'),
    });
    expect(told).toContainEqual({ direction: 'CSMSToChargingStation', message: expect.stringContaining('…') });
    expect(JSON.stringify(told)).not.toContain('Zebra');
    configure({ Internal: { LogMessagesFormat: [] } });
    expect((await booted()).mesh.values('ocpp', 'ocpp_generic', 'ocpp_message')).toEqual([]);
  });
});
