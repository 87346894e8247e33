import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { checkOcppConfiguration } from '../../src/configuration/check.ts';
import { repository } from '../../tools/generated-files.ts';
import { ConfigurationFolder } from '../support/configuration-folder.ts';
import { type Document, documentWith } from '../support/sample-configuration.ts';

/** `severity code path: message | remedy`, a finding a line. */
function findings(content: unknown): string[] {
  using folder = new ConfigurationFolder();
  return checkOcppConfiguration({ baseFile: folder.write('config.json', content), connectors: 2 }).map(
    ({ severity, code, path, message, remedy }) =>
      `${severity} ${code.replace('OCPP_CONFIG_', '')} ${path}: ${message} | ${remedy}`,
  );
}

const found = (more: Document): string[] => findings(documentWith(more));

function without(section: string, ...keys: string[]): Record<string, unknown> {
  const document: Record<string, Record<string, unknown>> = structuredClone(documentWith({})) as never;
  if (keys.length === 0) delete document[section];
  for (const key of keys) delete document[section]?.[key];
  return document;
}

describe('checkOcppConfiguration', () => {
  test('H-01: finds nothing in the smallest configuration', () => {
    expect(found({})).toEqual([]);
  });

  test('B-06: keys that are not known, with what may have been meant', () => {
    expect(found({ Core: { HeartBeatIntervall: 1 } })).toEqual([
      'error KEY Core.HeartBeatIntervall: is no key of this section | did you mean HeartbeatInterval?',
    ]);
    expect(found({ Core: { UseTPM: true } })).toEqual([
      'error KEY Core.UseTPM: is no key of this section | it belongs to the section Internal',
    ]);
    expect(found({ Internal: { Xyzzy: 1 } })).toEqual([
      'error KEY Internal.Xyzzy: is no key of this section | leave it out; keys of your own go into the section Custom',
    ]);
    expect(found({ Security: { Xyzzy: 1 } })).toEqual([
      'warning KEY Security.Xyzzy: is no key of this section | leave it out; keys of your own go into the section Custom',
    ]);
  });

  test('sections that are not known, missing, or no object', () => {
    expect(found({ core: {} })[0]).toBe('error SECTION core: is no section | did you mean Core?');
    expect(findings(without('Security'))).toEqual([
      'error MISSING Security: is missing | add the section Security with SecurityProfile',
    ]);
    expect(findings({ ...documentWith({}), Reservation: true })).toEqual([
      'error TYPE Reservation: is no object | write {  }',
    ]);
  });

  test('every key that is required and missing', () => {
    expect(findings(without('Core', 'HeartbeatInterval', 'StopTransactionOnInvalidId'))).toEqual([
      'error MISSING Core.HeartbeatInterval: is missing | add "HeartbeatInterval": an integer, 0 or more',
      'error MISSING Core.StopTransactionOnInvalidId: is missing | add "StopTransactionOnInvalidId": true or false',
    ]);
    expect(found({ PnC: {} }).map((line) => line.split(':')[0])).toEqual([
      'error MISSING PnC.ContractValidationOffline',
      'error MISSING PnC.ISO15118PnCEnabled',
    ]);
  });

  test('values of the wrong type or beyond their range', () => {
    expect(found({ Core: { LocalPreAuthorize: 'true' } })).toEqual([
      'error TYPE Core.LocalPreAuthorize: is "true" | write true or false',
    ]);
    expect(found({ Core: { HeartbeatInterval: 1.5 } })).toEqual([
      'error TYPE Core.HeartbeatInterval: is 1.5 | write an integer, 0 or more',
    ]);
    expect(found({ Security: { SecurityProfile: 4 } })).toEqual([
      'error RANGE Security.SecurityProfile: is 4 | write an integer from 0 to 3',
    ]);
    expect(found({ Internal: { SupportedCiphers12: 'a:b' } })).toEqual([
      'error TYPE Internal.SupportedCiphers12: is "a:b" | write a list of texts',
    ]);
    expect(found({ Internal: { MaxMessageSize: 31_999 } })).toHaveLength(1);
    expect(found({ CostAndPrice: { CustomDisplayCostAndPrice: true, DefaultPrice: {} } })).toHaveLength(1);
  });

  test('lbbrhzn-ocpp-1622: texts that are too long or empty for OCPP', () => {
    expect(found({ Internal: { ChargePointVendor: '', ChargeBoxSerialNumber: 'x'.repeat(26) } })).toEqual([
      `error LENGTH Internal.ChargeBoxSerialNumber: has 26 characters: "${'x'.repeat(26)}" | write a text of 1 to 25 characters`,
      'error LENGTH Internal.ChargePointVendor: is empty | write a text of 1 to 20 characters',
    ]);
    expect(found({ Internal: { FirmwareVersion: 'é'.repeat(50), ICCID: '1'.repeat(20) } })).toEqual([]);
  });

  test('E-02: an identity with a colon', () => {
    expect(found({ Internal: { ChargePointId: 'cp:1' } })).toHaveLength(1);
  });

  test('A-01: feature profiles that are not known, Core that is missing, sections that a profile needs', () => {
    expect(found({ Core: { SupportedFeatureProfiles: 'Core,Reservations' } })[0]).toContain('names "Reservations"');
    expect(found({ Core: { SupportedFeatureProfiles: 'Reservation' } })[0]).toContain('is without Core');
    expect(found({ Core: { SupportedFeatureProfiles: 'Core, SmartCharging,FirmwareManagement' } })).toEqual([
      'error MISSING Core.SupportedFeatureProfiles: names SmartCharging, whose section is missing | add the section SmartCharging with ChargeProfileMaxStackLevel, ChargingScheduleAllowedChargingRateUnit, ChargingScheduleMaxPeriods, MaxChargingProfilesInstalled, or leave the profile out',
    ]);
  });

  test('B-06: measurands that the station does not support, or nobody knows', () => {
    const Internal = { SupportedMeasurands: 'Voltage,Energy.Active.Import.Register' };
    expect(found({ Internal, Core: { StopTxnAlignedData: 'SoC' } })).toEqual([
      'error TEXT Core.StopTxnAlignedData: names "SoC", which SupportedMeasurands does not have | possible are Voltage, Energy.Active.Import.Register',
    ]);
    expect(found({ Internal: { SupportedMeasurands: 'Energy.Active.Import.Register,Volume' } })[0]).toContain(
      'names "Volume", which is not known',
    );
    expect(found({ Core: { MeterValuesSampledData: '' } })).toEqual([]);
  });

  test('D13: a ConnectionTimeOut that no EVSE takes is a warning', () => {
    expect(found({ Core: { ConnectionTimeOut: 5 } })).toEqual([
      'warning RANGE Core.ConnectionTimeOut: is 5 | stations take 10 to 300',
    ]);
    expect(found({ Core: { ConnectionTimeOut: 300 } })).toEqual([]);
  });

  test('lists with more items than their MaxLength key says', () => {
    expect(found({ Core: { MeterValuesSampledData: 'SoC,Voltage', MeterValuesSampledDataMaxLength: 1 } })).toEqual([
      'warning LENGTH Core.MeterValuesSampledData: has 2 items | MeterValuesSampledDataMaxLength allows 1',
    ]);
  });

  test('E-01, F-10: an address or a profile with which no connection is possible', () => {
    expect(found({ Security: { SecurityProfile: 1 } })).toEqual([
      'warning TOGETHER Security.SecurityProfile: is 1, which needs a password | add Security.AuthorizationKey',
    ]);
    const secret = 'AABBCCDDEEFFGGHH';
    expect(
      found({ Security: { SecurityProfile: 2, AuthorizationKey: secret }, Internal: { CentralSystemURI: 'ws://h' } }),
    ).toHaveLength(1);
    expect(
      found({ Security: { SecurityProfile: 2, AuthorizationKey: secret }, Internal: { CentralSystemURI: 'wss://h' } }),
    ).toEqual([]);
    expect(found({ Security: { AuthorizationKey: 'short8ch' } })).toEqual([
      'warning TOGETHER Security.AuthorizationKey: is a short password | take 16 characters or more',
    ]);
  });

  test('F-24: a pong that may take longer than the next ping', () => {
    expect(found({ Core: { WebSocketPingInterval: 4 } })).toHaveLength(1);
    expect(found({ Core: { WebSocketPingInterval: 0 } })).toEqual([]);
  });

  test('names that stand twice', () => {
    expect(findings('{"Core": {}, "Core": {}}')).toEqual([
      'error REPEATED Core: stands here a second time | leave one of them out',
    ]);
  });

  test('files that are missing, broken, or no object', () => {
    expect(checkOcppConfiguration({ baseFile: '/none/config.json' })).toMatchObject([
      { severity: 'error', code: 'OCPP_CONFIG_FILE', file: '/none/config.json', line: 1, column: 1 },
    ]);
    expect(findings('[]')).toHaveLength(1);
    using folder = new ConfigurationFolder();
    const baseFile = folder.write('config.json', documentWith({}));
    const userFile = folder.write('user.json', '{\n "Core": {,} }');
    expect(checkOcppConfiguration({ baseFile, userFile })).toMatchObject([
      { code: 'OCPP_CONFIG_SYNTAX', file: userFile, line: 2, column: 11 },
    ]);
    expect(checkOcppConfiguration({ baseFile, userFile: folder.at('none.json') })).toEqual([]);
    expect(existsSync(folder.at('none.json'))).toBe(false);
  });
});

describe('libocpp-736: examples', () => {
  const ours = new URL('config/ocpp/', repository);
  const theirs = new URL('../shared/reference/data/ocpp-configs/', repository);

  test.each(readdirSync(ours).filter((name) => /^config.*\.json$/.test(name)))(
    'ours: %s has nothing to be found',
    (name) => {
      expect(checkOcppConfiguration({ baseFile: new URL(name, ours).pathname, connectors: 2 })).toEqual([]);
    },
  );

  const reference = existsSync(theirs) ? readdirSync(theirs) : [];
  (reference.length > 0 ? test : test.skip)('H-03 … H-06: those of the reference start a station', () => {
    const errors = reference.flatMap((name) =>
      checkOcppConfiguration({ baseFile: new URL(name, theirs).pathname, connectors: 2 }).filter(
        ({ severity }) => severity === 'error',
      ),
    );
    expect([reference.length, errors]).toEqual([4, []]);
  });
});
