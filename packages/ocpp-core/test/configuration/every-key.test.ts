import { describe, expect, test } from '@jest/globals';
import type { Configuration } from '../../src/configuration/configuration.ts';
import { isKeyName, keyNames, keySpecs } from '../../src/configuration/keys.ts';
import { OcppConfigurationError } from '../../src/configuration/ocpp-configuration-error.ts';
import { configurationWith, type Document } from '../support/sample-configuration.ts';

/** Texts that ChangeConfiguration takes, and that it refuses. */
type Writable = readonly [key: string, takes: readonly string[], refuses: readonly string[]];
/** Values that a file may have, and with which no station starts. */
type ReadOnly = readonly [key: string, takes: readonly unknown[], refuses: readonly unknown[]];

const BOOLEAN = [
  ['true', 'false'],
  ['1', 'yes', ''],
] as const;
const SECONDS = [
  ['0', '86400'],
  ['-1', '1.5', 'x'],
] as const;
const MEASURANDS = [
  ['', 'SoC,Voltage'],
  ['Volume', 'SoC;Voltage'],
] as const;

const writable: readonly Writable[] = [
  ['AllowOfflineTxForUnknownId', ...BOOLEAN],
  ['AuthorizationCacheEnabled', ...BOOLEAN],
  ['AuthorizeRemoteTxRequests', ...BOOLEAN],
  ['BlinkRepeat', ...SECONDS],
  ['ClockAlignedDataInterval', ...SECONDS],
  ['ConnectionTimeOut', ['10', '300'], ['9', '301', 'x']],
  ['ConnectorPhaseRotation', ['0.RST', '0.RST,1.TSR,2.Unknown'], ['3.RST', '1.XYZ', 'RST']],
  ['HeartbeatInterval', ...SECONDS],
  ['LightIntensity', ['0', '100'], ['-1', '101']],
  ['LocalAuthorizeOffline', ...BOOLEAN],
  ['LocalPreAuthorize', ...BOOLEAN],
  ['MaxEnergyOnInvalidId', ...SECONDS],
  ['MeterValuesAlignedData', ...MEASURANDS],
  ['MeterValuesSampledData', ...MEASURANDS],
  ['MeterValueSampleInterval', ...SECONDS],
  ['MinimumStatusDuration', ...SECONDS],
  ['ResetRetries', ...SECONDS],
  ['StopTransactionOnInvalidId', ...BOOLEAN],
  ['StopTxnAlignedData', ...MEASURANDS],
  ['StopTxnSampledData', ...MEASURANDS],
  ['TransactionMessageAttempts', ...SECONDS],
  ['TransactionMessageRetryInterval', ...SECONDS],
  ['UnlockConnectorOnEVSideDisconnect', ...BOOLEAN],
  ['WebSocketPingInterval', ...SECONDS],
  ['LocalAuthListEnabled', ...BOOLEAN],
  ['RetryBackoffRandomRange', ...SECONDS],
  ['RetryBackoffRepeatTimes', ...SECONDS],
  ['RetryBackoffWaitMinimum', ...SECONDS],
  ['IgnoredProfilePurposesOffline', ['', 'TxProfile,TxDefaultProfile'], ['Tx']],
  ['CompositeScheduleDefaultLimitAmps', ['0', '32'], ['-1', 'x']],
  ['CompositeScheduleDefaultLimitWatts', ['0', '22080'], ['-1', 'x']],
  ['CompositeScheduleDefaultNumberPhases', ['1', '3'], ['0', '4']],
  ['SupplyVoltage', ['0', '230'], ['-1', 'x']],
  ['OcspRequestInterval', ['86400'], ['86399']],
  ['SeccLeafSubjectCommonName', ['1234567', 'x'.repeat(64)], ['123456', 'x'.repeat(65)]],
  ['SeccLeafSubjectCountry', ['DE'], ['D', 'DEU']],
  ['SeccLeafSubjectOrganization', ['', 'x'.repeat(64)], ['x'.repeat(65)]],
  ['ConnectorEvseIds', ['DE*AB*1', 'DE*ABC*E1,DE*ABC*E2'], ['DE*A*1', `DE*ABC*E1,${'x'.repeat(38)}`]],
  ['AllowChargingProfileWithoutStartSchedule', ...BOOLEAN],
  ['RejectRemoteStartTransactionWithoutConnectorId', ...BOOLEAN],
  ['RemoteStartTransactionWithoutConnectorIdFindFirst', ...BOOLEAN],
  ['WaitForStopTransactionsOnResetTimeout', ...SECONDS],
  ['SwitchSecurityProfileConnectionTimeout', ['1', '60'], ['0', '-1']],
  ['ReportSuspendedEVSEReasonChange', ...BOOLEAN],
  ['StopTransactionIfUnlockNotSupported', ...BOOLEAN],
];

const COUNT = [
  [0, 5],
  [-1, 1.5, '5'],
] as const;
const SWITCH = [
  [true, false],
  ['true', 1],
] as const;
const NAME = [
  ['a', 'x'.repeat(20)],
  ['', 'x'.repeat(21), 7],
] as const;
const NUMBER = [
  ['a', 'x'.repeat(25)],
  ['', 'x'.repeat(26), 7],
] as const;
const TEXT = [['some text'], [7, true]] as const;

const readOnly: readonly ReadOnly[] = [
  ['ConnectorPhaseRotationMaxLength', ...COUNT],
  ['GetConfigurationMaxKeys', ...COUNT],
  ['MeterValuesAlignedDataMaxLength', ...COUNT],
  ['MeterValuesSampledDataMaxLength', ...COUNT],
  ['NumberOfConnectors', [2], [-1, 1.5, '2']],
  ['StopTransactionOnEVSideDisconnect', [true, false], ['true', 1]],
  ['StopTxnAlignedDataMaxLength', ...COUNT],
  ['StopTxnSampledDataMaxLength', ...COUNT],
  ['SupportedFeatureProfiles', ['Core', 'Core,RemoteTrigger'], ['RemoteTrigger', 'Core,Coffee', 7]],
  ['SupportedFeatureProfilesMaxLength', ...COUNT],
  ['SupportedFileTransferProtocols', ['FTP,FTPS,HTTP,HTTPS,SFTP', ''], [7]],
  ['ReserveConnectorZeroSupported', ...SWITCH],
  ['LocalAuthListMaxLength', ...COUNT],
  ['SendLocalListMaxLength', ...COUNT],
  ['ChargePointId', ['cp1'], ['', 'a:b', 7]],
  ['CentralSystemURI', ['ws://h/x', 'h:80'], ['', 7]],
  ['ChargeBoxSerialNumber', ...NUMBER],
  ['ChargePointModel', ...NAME],
  ['ChargePointVendor', ...NAME],
  ['FirmwareVersion', ['x'.repeat(50)], ['', 'x'.repeat(51)]],
  ['ChargePointSerialNumber', ...NUMBER],
  ['MeterSerialNumber', ...NUMBER],
  ['MeterType', ...NUMBER],
  ['ICCID', ...NAME],
  ['IMSI', ...NAME],
  ['HostName', ...TEXT],
  ['IFace', ...TEXT],
  ['SupportedCiphers12', [['AES128-GCM-SHA256']], ['AES128-GCM-SHA256', [7]]],
  ['SupportedCiphers13', [['TLS_AES_128_GCM_SHA256']], ['TLS_AES_128_GCM_SHA256', [7]]],
  ['UseTPM', ...SWITCH],
  ['UseTPMSeccLeafCertificate', ...SWITCH],
  ['AuthorizeConnectorZeroOnConnectorOne', ...SWITCH],
  ['LogMessages', ...SWITCH],
  ['LogMessagesRaw', ...SWITCH],
  [
    'LogMessagesFormat',
    [['log', 'html', 'session_logging', 'security', 'console', 'console_detailed', 'callback'], []],
    ['log'],
  ],
  ['LogRotation', ...SWITCH],
  ['LogRotationDateSuffix', ...SWITCH],
  ['LogRotationMaximumFileSize', ...COUNT],
  ['LogRotationMaximumFileCount', ...COUNT],
  ['SupportedChargingProfilePurposeTypes', [['TxProfile']], ['TxProfile']],
  ['MaxCompositeScheduleDuration', ...COUNT],
  ['WebsocketPingPayload', ...TEXT],
  ['WebsocketPongTimeout', ...COUNT],
  ['UseSslDefaultVerifyPaths', ...SWITCH],
  ['VerifyCsmsCommonName', ...SWITCH],
  ['VerifyCsmsAllowWildcards', ...SWITCH],
  ['QueueAllMessages', ...SWITCH],
  ['MessageTypesDiscardForQueueing', ['Heartbeat,Authorize', ''], [7]],
  ['MessageQueueSizeThreshold', [1, 5000], [0, -1, '5']],
  ['ReportClearedErrors', ...SWITCH],
  ['SupportedMeasurands', ['Energy.Active.Import.Register,RPM'], ['Energy.Active.Import.Register,Coffee', 7]],
  ['MaxMessageSize', [32_000, 65_000], [31_999, '65000']],
  ['TLSKeylogFile', ...TEXT],
  ['EnableTLSKeylog', ...SWITCH],
];

/** The section of a key. */
function sectionOf(key: string): string {
  if (!isKeyName(key)) throw new Error(`there is no key ${key}`);
  return keySpecs[key].section;
}

/** A station with every feature profile that has keys here, and one key as a file has it. */
function station(key: string, value: unknown): Configuration {
  const document: Document = {
    Core: { SupportedFeatureProfiles: 'Core,FirmwareManagement,LocalAuthListManagement,Reservation' },
    LocalAuthListManagement: { LocalAuthListEnabled: true, LocalAuthListMaxLength: 9, SendLocalListMaxLength: 9 },
  };
  const section = sectionOf(key);
  return configurationWith({ ...document, [section]: { ...document[section], [key]: value } });
}

const told = (configuration: Configuration, key: string): unknown => configuration.read([key]).configurationKey;

/** What a file would have for what the wire brings. */
function fileValue(text: string): unknown {
  if (/^(true|false)$/.test(text)) return text === 'true';
  return /^\d+$/.test(text) ? Number(text) : text;
}

describe('a key that a CSMS may change takes what it is for, refuses the rest, and tells what it has', () => {
  test.each(writable)('%s', (key, takes, refuses) => {
    // One that looks like a number is a text where its kind is.
    const [first = ''] = takes;
    const configuration = station(key, isKeyName(key) && keySpecs[key].type === 'string' ? first : fileValue(first));
    for (const text of takes) {
      expect([text, configuration.change(key, text)]).toEqual([text, 'Accepted']);
      expect(told(configuration, key)).toEqual([{ key, readonly: false, value: text }]);
    }
    const last = takes.at(-1);
    for (const text of refuses) expect([text, configuration.change(key, text)]).toEqual([text, 'Rejected']);
    expect(told(configuration, key)).toEqual([{ key, readonly: false, value: last }]);
  });
});

describe('a key that a CSMS may only read is what the file says, within its bounds', () => {
  test.each(readOnly)('%s', (key, takes, refuses) => {
    for (const value of takes) {
      const configuration = station(key, value);
      const text = Array.isArray(value) ? expect.any(String) : String(value);
      expect(told(configuration, key)).toEqual([{ key, readonly: true, value: text }]);
      if (Array.isArray(value))
        for (const item of value) expect(JSON.stringify(told(configuration, key))).toContain(item);
      expect(configuration.change(key, String(value))).toBe('Rejected');
    }
    for (const value of refuses) expect(() => station(key, value)).toThrow(OcppConfigurationError);
  });
});

test('no key of these sections is left out', () => {
  const here = new Set<string>(['Internal', 'Core', 'FirmwareManagement', 'LocalAuthListManagement', 'Reservation']);
  const tried = [...writable, ...readOnly].map(([key]) => key);
  expect([...tried, 'MeterPublicKeys'].sort()).toEqual(keyNames.filter((key) => here.has(sectionOf(key))).sort());
});
