import { parseTimestamp } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import { ask, booted } from '../support/ask.ts';
import { Bench } from '../support/bench.ts';

const location = 'ftp://host/firmware.bin';
const retrieveDate = '2026-03-01T01:00:00Z';

function bench(profiles = 'Core,FirmwareManagement,RemoteTrigger'): Bench {
  return new Bench({ connectors: 2, sections: { Core: { SupportedFeatureProfiles: profiles } } });
}

function statuses(on: Bench, action: string): unknown[] {
  return on.csms.payloads(action).map((payload) => payload.status);
}

describe('UpdateFirmware', () => {
  test('is answered at once and passed on; retries are those after the first', async () => {
    using on = await booted(bench());
    expect(await ask(on, 'UpdateFirmware', { location, retrieveDate, retries: 2, retryInterval: 30 })).toEqual({});
    expect(await ask(on, 'UpdateFirmware', { location, retrieveDate })).toEqual({});
    const retrieveMs = parseTimestamp(retrieveDate);
    expect(on.station.calls('updateFirmware')).toEqual([
      [{ location, retrieveMs, attempts: 3, retryIntervalS: 30 }],
      [{ location, retrieveMs }],
    ]);
  });

  test.each(['UpdateFirmware', 'GetDiagnostics'])('%s is not supported where the profile is off', async (action) => {
    using on = await booted(bench('Core'));
    expect(await ask(on, action, { location, retrieveDate })).toEqual(['NotSupported', {}]);
  });
});

describe('a firmware that was downloaded', () => {
  test('is installed when no connector is in use: free ones are closed at once, the other after its use; then all are as before', async () => {
    using on = await booted(bench());
    const session = on.begin();
    for (const status of ['Downloading', 'Downloaded'] as const) on.chargePoint.firmwareStatus(status);
    expect(on.station.calls('setAvailability').slice(-1)).toEqual([[2, false]]);
    expect(on.station.calls('allowInstallation')).toEqual([]);
    on.end(session);
    await on.clock.advance(1000);
    expect(on.station.calls('setAvailability').slice(-1)).toEqual([[1, false]]);
    expect(on.station.calls('allowInstallation')).toHaveLength(1);
    for (const status of ['Installing', 'Installed'] as const) on.chargePoint.firmwareStatus(status);
    await on.clock.advance(1000);
    expect(on.station.calls('setAvailability').slice(-2)).toEqual([
      [1, true],
      [2, true],
    ]);
    expect(statuses(on, 'FirmwareStatusNotification')).toEqual([
      'Downloading',
      'Downloaded',
      'Installing',
      'Installed',
    ]);
    expect(on.station.calls('allowInstallation')).toHaveLength(1);
  });

  test('EVerest-2417: that closes nothing needs no leave', async () => {
    using on = await booted(bench());
    const before = on.station.calls('setAvailability').length;
    on.chargePoint.firmwareStatus('Downloaded', false);
    on.chargePoint.firmwareStatus('Installed');
    expect(on.station.calls('setAvailability')).toHaveLength(before);
    expect(on.station.calls('allowInstallation')).toEqual([]);
  });

  test('libocpp-360: what the CSMS decides meanwhile counts when it is over', async () => {
    using on = await booted(bench());
    await ask(on, 'ChangeAvailability', { connectorId: 1, type: 'Inoperative' });
    on.chargePoint.firmwareStatus('Downloaded');
    await ask(on, 'ChangeAvailability', { connectorId: 1, type: 'Operative' });
    await ask(on, 'ChangeAvailability', { connectorId: 2, type: 'Inoperative' });
    expect(on.station.calls('setAvailability').slice(-2)).toEqual([
      [1, false],
      [2, false],
    ]);
    on.chargePoint.firmwareStatus('InstallationFailed');
    expect(on.station.calls('setAvailability').slice(-2)).toEqual([
      [1, true],
      [2, false],
    ]);
  });
});

describe('a status that the CSMS could not be told', () => {
  test('comes with the registration, the newest one alone', async () => {
    using on = bench();
    on.csms.on('BootNotification', { status: 'Pending', currentTime: retrieveDate, interval: 60 });
    await on.start();
    for (const status of ['Installing', 'Installed'] as const) on.chargePoint.firmwareStatus(status);
    await on.clock.advance(30_000);
    expect(statuses(on, 'FirmwareStatusNotification')).toEqual([]);
    on.csms.on('BootNotification', { status: 'Accepted', currentTime: retrieveDate, interval: 300 });
    await on.clock.advance(60_000);
    expect(statuses(on, 'FirmwareStatusNotification')).toEqual(['Installed']);
  });

  test('comes with the next connection, once', async () => {
    using on = await booted(bench());
    on.csms.drop();
    on.chargePoint.firmwareStatus('DownloadFailed');
    await on.clock.advance(30_000);
    on.csms.drop();
    await on.clock.advance(30_000);
    expect(statuses(on, 'FirmwareStatusNotification')).toEqual(['DownloadFailed']);
  });

  test('an older one that is lost late does not take the place of a newer one', async () => {
    using on = await booted(bench());
    on.csms.on('FirmwareStatusNotification', 'silence');
    on.chargePoint.firmwareStatus('Downloading');
    await on.clock.advance(10);
    on.chargePoint.firmwareStatus('Downloaded');
    on.csms.drop();
    await on.clock.advance(30_000);
    expect(statuses(on, 'FirmwareStatusNotification')).toEqual(['Downloading', 'Downloaded']);
  });
});

test('a trigger tells how far an update is, and Idle when it is over', async () => {
  using on = await booted(bench());
  const trigger = async (): Promise<unknown> => {
    expect(await ask(on, 'TriggerMessage', { requestedMessage: 'FirmwareStatusNotification' })).toEqual({
      status: 'Accepted',
    });
    await on.clock.advance(100);
    return statuses(on, 'FirmwareStatusNotification').at(-1);
  };
  expect(await trigger()).toBe('Idle');
  on.chargePoint.firmwareStatus('Downloading');
  expect(await trigger()).toBe('Downloading');
  on.chargePoint.firmwareStatus('DownloadFailed');
  await on.clock.advance(100);
  expect(statuses(on, 'FirmwareStatusNotification').at(-1)).toBe('DownloadFailed');
  expect(await trigger()).toBe('Idle');
});

describe('GetDiagnostics', () => {
  test('is passed on with its span of time, and answered with the name of the file', async () => {
    using on = await booted(bench());
    on.station.diagnosticsName = 'd'.repeat(300);
    const startTime = '2026-01-01T00:00:00Z';
    expect(await ask(on, 'GetDiagnostics', { location, startTime, retries: 0 })).toEqual({ fileName: 'd'.repeat(255) });
    expect(on.station.calls('uploadDiagnostics')).toEqual([
      [{ location, oldestMs: parseTimestamp(startTime), attempts: 1 }],
    ]);
    on.station.diagnosticsName = undefined;
    expect(await ask(on, 'GetDiagnostics', { location })).toEqual({});
  });

  test('a time that cannot be read is refused', async () => {
    using on = await booted(bench());
    expect(await ask(on, 'GetDiagnostics', { location, stopTime: 'tomorrow' })).toEqual([
      'FormationViolation',
      { path: '/stopTime', rule: 'format' },
    ]);
  });

  test('its progress is told, and Idle when it is over', async () => {
    using on = await booted(bench());
    for (const status of ['Uploading', 'UploadFailed'] as const) on.chargePoint.diagnosticsStatus(status);
    await ask(on, 'TriggerMessage', { requestedMessage: 'DiagnosticsStatusNotification' });
    await on.clock.advance(100);
    expect(statuses(on, 'DiagnosticsStatusNotification')).toEqual(['Uploading', 'UploadFailed', 'Idle']);
  });
});
