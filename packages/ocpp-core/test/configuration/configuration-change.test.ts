import { parseTimestamp, silentLogger, VirtualClock } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import type { Configuration } from '../../src/configuration/configuration.ts';
import { configurationWith, type Document } from '../support/sample-configuration.ts';

const full: Document = {
  Core: { LightIntensity: 50, BlinkRepeat: 1, StopTxnSampledDataMaxLength: 2, WebSocketPingInterval: 30 },
  Internal: {
    IgnoredProfilePurposesOffline: '',
    ConnectorEvseIds: 'DE*ABC*E1',
    SeccLeafSubjectCountry: 'DE',
    SeccLeafSubjectCommonName: 'DEABC100001',
    SwitchSecurityProfileConnectionTimeout: 20,
  },
  PnC: { ISO15118PnCEnabled: false, ContractValidationOffline: false },
  CostAndPrice: {
    CustomDisplayCostAndPrice: true,
    CustomMultiLanguageMessages: true,
    SupportedLanguages: 'en, nl,nb_NO',
    DefaultPrice: { priceText: 'old' },
    TimeOffset: '+01:00',
    NextTimeOffsetTransitionDateTime: '2026-03-29T01:00:00Z',
    WaitForSetUserPriceTimeout: 0,
  },
};

function accepted(key: string, ...values: string[]): void {
  const configuration = configurationWith(full);
  for (const value of values) expect([key, value, configuration.change(key, value)]).toEqual([key, value, 'Accepted']);
}

function rejected(key: string, ...values: string[]): void {
  const configuration = configurationWith(full);
  const before = JSON.stringify(configuration.read([]));
  for (const value of values) expect([key, value, configuration.change(key, value)]).toEqual([key, value, 'Rejected']);
  expect(JSON.stringify(configuration.read([]))).toBe(before);
}

const toldValue = (configuration: Configuration, key: string): string | undefined =>
  configuration.read([key]).configurationKey[0]?.value;

describe('Configuration.change', () => {
  test('libocpp-877: booleans are true and false in any case of letters, and nothing else', () => {
    accepted('LocalPreAuthorize', 'true', 'False', 'TRUE', 'false');
    rejected('LocalPreAuthorize', '1', '0', 'yes', '', ' true', 'banana');
  });

  test('MicroOcpp-209, EVerest-2187: integers are digits within their range', () => {
    accepted('HeartbeatInterval', '0', '+5', '007', '2147483647');
    rejected('HeartbeatInterval', '-2', '1.5', '1e3', '', 'ten', ' 5', '2147483648', '0x10');
    accepted('LightIntensity', '0', '100');
    rejected('LightIntensity', '101');
    accepted('OcspRequestInterval', '86400');
    rejected('OcspRequestInterval', '86399');
    accepted('WaitForSetUserPriceTimeout', '30000');
    rejected('WaitForSetUserPriceTimeout', '30001');
    rejected('SwitchSecurityProfileConnectionTimeout', '0');
  });

  test('numbers may have decimals', () => {
    accepted('SupplyVoltage', '230', '229.5');
    rejected('SupplyVoltage', '-1', 'NaN', '1,5', '.5');
    accepted('CompositeScheduleDefaultNumberPhases', '1', '3');
    rejected('CompositeScheduleDefaultNumberPhases', '0', '4', '2.5');
  });

  test('D13: ConnectionTimeOut is 10 to 300 s', () => {
    accepted('ConnectionTimeOut', '10', '300');
    rejected('ConnectionTimeOut', '9', '301', '0');
  });

  test('lists of measurands name what the station can measure', () => {
    accepted('MeterValuesSampledData', 'SoC', 'Voltage, Current.Import', '');
    rejected('MeterValuesSampledData', 'SoC,Volume', 'RPM', 'soc', 'Voltage,,SoC', 'Voltage;SoC');
    const configuration = configurationWith(full);
    configuration.change('MeterValuesSampledData', ' Voltage , SoC');
    expect(configuration.get('MeterValuesSampledData')).toBe('Voltage,SoC');
  });

  test('ocpp-1265: a list has no more items than its MaxLength key says', () => {
    accepted('StopTxnSampledData', 'SoC,Voltage');
    rejected('StopTxnSampledData', 'SoC,Voltage,Temperature');
  });

  test.each([
    ['ConnectorPhaseRotation', '0.RST,1.RST', '0.RST,1.RST,2.RST'],
    ['MeterValuesAlignedData', 'SoC,Voltage', 'SoC,Voltage,Temperature'],
    ['MeterValuesSampledData', 'SoC,Voltage', 'SoC,Voltage,Temperature'],
    ['StopTxnAlignedData', 'SoC,Voltage', 'SoC,Voltage,Temperature'],
    ['StopTxnSampledData', 'SoC,Voltage', 'SoC,Voltage,Temperature'],
  ])('each list of the section Core has its own limit: %s', (key, fits, tooLong) => {
    const limited = configurationWith({ Core: { [`${key}MaxLength`]: 2 } });
    expect([limited.change(key, fits), limited.change(key, tooLong)]).toEqual(['Accepted', 'Rejected']);
    expect(configurationWith().change(key, tooLong)).toBe('Accepted');
  });

  test('ConnectorPhaseRotation names connectors that there are, and rotations', () => {
    accepted('ConnectorPhaseRotation', '0.RST', '0.RST, 1.TSR,2.NotApplicable', '1.Unknown');
    rejected('ConnectorPhaseRotation', '3.RST', '0.RSU', 'RST', '0.RST.1', '-1.RST', 'a.RST', '0.RST,');
  });

  test('texts have their lengths and forms', () => {
    accepted('SeccLeafSubjectCountry', 'NL');
    rejected('SeccLeafSubjectCountry', 'N', 'NLD');
    rejected('SeccLeafSubjectCommonName', 'DE1234', 'x'.repeat(65));
    accepted('ConnectorEvseIds', 'DE*ABC*E1,DE*ABC*E2');
    rejected('ConnectorEvseIds', 'DE*ABC*E1,E2');
    accepted('IgnoredProfilePurposesOffline', 'TxProfile,TxDefaultProfile', '');
    rejected('IgnoredProfilePurposesOffline', 'TxProfile,Tx');
    accepted('TimeOffset', '+02:00', '-02:30', '01:00');
    rejected('TimeOffset', '2', '+25:00', '+01:60', 'CET');
  });

  test('unknown keys and absent ones are NotSupported, read-only ones are Rejected', () => {
    const configuration = configurationWith();
    for (const key of [
      'Nope',
      '',
      'MaxEnergyOnInvalidId',
      'ISO15118PnCEnabled',
      'DefaultPriceText',
      'DefaultPriceText,en',
    ])
      expect([key, configuration.change(key, '1')]).toEqual([key, 'NotSupported']);
    for (const key of [
      'NumberOfConnectors',
      'numberofconnectors',
      'CentralSystemURI',
      'ChargePointId',
      'SupportedCiphers12',
    ])
      expect([key, configuration.change(key, '1')]).toEqual([key, 'Rejected']);
    expect(configuration.get('CentralSystemURI')).toBe('127.0.0.1:9000');
  });

  test('A-21: access can be other than the table says, by the integrator', () => {
    const configuration = configurationWith(
      {},
      { access: { CentralSystemURI: 'RW', UnlockConnectorOnEVSideDisconnect: 'RO' } },
    );
    expect(configuration.change('CentralSystemURI', 'wss://csms.example')).toBe('RebootRequired');
    expect(configuration.change('UnlockConnectorOnEVSideDisconnect', 'false')).toBe('Rejected');
    expect(configuration.read(['CentralSystemURI', 'UnlockConnectorOnEVSideDisconnect']).configurationKey).toEqual([
      { key: 'CentralSystemURI', readonly: false, value: 'wss://csms.example' },
      { key: 'UnlockConnectorOnEVSideDisconnect', readonly: true, value: 'true' },
    ]);
  });

  test('E-20: the AuthorizationKey can be set though it is absent, from 8 characters on', () => {
    const configuration = configurationWith();
    expect(configuration.change('AuthorizationKey', 'seven77')).toBe('Rejected');
    expect(configuration.change('AuthorizationKey', 'eight888')).toBe('Accepted');
    expect(configuration.get('AuthorizationKey')).toBe('eight888');
  });

  test('E-10: the security profile only rises, and needs a password where it uses one', () => {
    const configuration = configurationWith({ Security: { SecurityProfile: 1, AuthorizationKey: 'secret-secret' } });
    for (const value of ['0', '1', '4', '-1', 'two'])
      expect(configuration.change('SecurityProfile', value)).toBe('Rejected');
    expect(configuration.change('SecurityProfile', '2')).toBe('Accepted');
    expect(configurationWith().change('SecurityProfile', '1')).toBe('Rejected');
    expect(configurationWith().change('SecurityProfile', '3')).toBe('Accepted');
  });

  test('NextTimeOffsetTransitionDateTime lies in the future', () => {
    const clock = new VirtualClock(parseTimestamp('2026-11-25T12:00:00Z') ?? 0);
    const configuration = configurationWith(full, { clock });
    expect(configuration.change('NextTimeOffsetTransitionDateTime', '2026-11-25T12:00:00Z')).toBe('Rejected');
    expect(configuration.change('NextTimeOffsetTransitionDateTime', 'tomorrow')).toBe('Rejected');
    expect(configuration.change('NextTimeOffsetTransitionDateTime', '2027-03-28T01:00:00Z')).toBe('Accepted');
  });

  test('objects are JSON of their shape', () => {
    accepted('DefaultPrice', '{"priceText":"new","chargingPrice":{"kWhPrice":0.3}}');
    rejected(
      'DefaultPrice',
      '{"priceTextOffline":"x"}',
      '{"priceText":""}',
      '{"priceText":"x","chargingPrice":{"kWhPrice":"1"}}',
      'text',
      '[]',
      '{',
    );
  });

  test('A-68: the price text has a key a language', () => {
    const configuration = configurationWith(full);
    expect(configuration.read(['DefaultPriceText,en']).configurationKey).toEqual([
      { key: 'DefaultPriceText,en', readonly: false, value: '' },
    ]);
    expect(configuration.change('DefaultPriceText,en', '{"priceText":"one","priceTextOffline":"off"}')).toBe(
      'Accepted',
    );
    expect(configuration.change('defaultpricetext,NL', '{"priceText":"een"}')).toBe('Accepted');
    expect(configuration.change('DefaultPriceText,en', '{"priceText":"two"}')).toBe('Accepted');
    expect(toldValue(configuration, 'DefaultPriceText,en')).toBe('{"priceText":"two"}');
    expect(configuration.get('DefaultPriceText')).toEqual({
      priceTexts: [
        { priceText: 'een', language: 'NL' },
        { priceText: 'two', language: 'en' },
      ],
    });
    for (const [key, value] of [
      ['DefaultPriceText,de', '{"priceText":"eins"}'],
      ['DefaultPriceText,', '{"priceText":"x"}'],
      ['DefaultPriceText,en', '{"priceTextOffline":"x"}'],
      ['DefaultPriceText,en', 'text'],
      ['DefaultPriceText,en', '{"priceText":""}'],
    ] as const)
      expect([key, value, configuration.change(key, value)]).toEqual([key, value, 'Rejected']);
    const listed = configuration.read([]).configurationKey.map(({ key }) => key);
    expect(listed.filter((key) => key.startsWith('DefaultPriceText'))).toEqual([
      'DefaultPriceText,NL',
      'DefaultPriceText,en',
    ]);
  });

  test('a feature may refuse what the table allows', () => {
    const configuration = configurationWith();
    const guard = configuration.guard('SecurityProfile', (profile) => profile !== 3);
    expect(configuration.change('SecurityProfile', '3')).toBe('Rejected');
    guard.cancel();
    expect(configuration.change('SecurityProfile', '3')).toBe('Accepted');
  });
});

describe('listeners', () => {
  test('B-07: all of them hear, those of the key and those of every key', () => {
    const configuration = configurationWith();
    const heard: string[] = [];
    const listen = (name: string) => (key: string, value: unknown) => heard.push(`${name} ${key} ${value}`);
    configuration.onChange('HeartbeatInterval', listen('a'));
    const b = configuration.onChange('HeartbeatInterval', listen('b'));
    configuration.onChange('*', listen('all'));
    configuration.onChange('ResetRetries', listen('other'));
    configuration.change('heartbeatinterval', '60');
    expect(heard).toEqual(['a HeartbeatInterval 60', 'b HeartbeatInterval 60', 'all HeartbeatInterval 60']);
    b.cancel();
    heard.length = 0;
    configuration.set('HeartbeatInterval', 61);
    expect(heard).toEqual(['a HeartbeatInterval 61', 'all HeartbeatInterval 61']);
  });

  test('the same function can listen twice, and is taken away once', () => {
    const configuration = configurationWith();
    let heard = 0;
    const listener = (): void => void heard++;
    configuration.onChange('ResetRetries', listener).cancel();
    const first = configuration.onChange('ResetRetries', listener);
    configuration.onChange('ResetRetries', listener);
    first.cancel();
    first.cancel();
    configuration.change('ResetRetries', '4');
    expect(heard).toBe(1);
  });

  test('hear nothing of what is refused, or was so before', () => {
    const configuration = configurationWith();
    const heard: string[] = [];
    configuration.onChange('*', (key) => heard.push(key));
    configuration.change('HeartbeatInterval', '300');
    configuration.change('HeartbeatInterval', 'x');
    configuration.set('HeartbeatInterval', 300);
    expect(heard).toEqual([]);
  });

  test('one that fails does not keep the others from hearing', () => {
    const said: string[] = [];
    const configuration = configurationWith({}, { log: { ...silentLogger, error: (message) => said.push(message) } });
    const heard: unknown[] = [];
    configuration.onChange('ResetRetries', () => {
      throw new Error('no');
    });
    configuration.onChange('ResetRetries', (_, value) => heard.push(value));
    expect(configuration.change('ResetRetries', '2')).toBe('Accepted');
    expect([heard, said]).toEqual([[2], ['the effect of a changed key failed']]);
  });

  test('A-05: a prepared change counts at once and is announced when the caller says so', () => {
    const configuration = configurationWith();
    const heard: unknown[] = [];
    configuration.onChange('HeartbeatInterval', (_, value) => heard.push(value));
    const { status, announce } = configuration.prepareChange('HeartbeatInterval', '7');
    expect([status, configuration.get('HeartbeatInterval'), heard]).toEqual(['Accepted', 7, []]);
    announce();
    expect(heard).toEqual([7]);
  });
});

test('the station itself cannot set what cannot be', () => {
  const said: string[] = [];
  const configuration = configurationWith({}, { log: { ...silentLogger, error: (message) => said.push(message) } });
  configuration.set('HeartbeatInterval', -5);
  expect(configuration.get('HeartbeatInterval')).toBe(300);
  expect(said).toEqual(['the station sets HeartbeatInterval to what it cannot be: is -5']);
});

describe('keys of the integrator', () => {
  const customSchema = {
    type: 'object',
    properties: {
      Count: { type: 'integer', readOnly: false, maximum: 9 },
      Rate: { type: 'number', readOnly: false },
      On: { type: 'boolean', readOnly: false },
      Text: { type: 'string', readOnly: false, maxLength: 5 },
      Fixed: { type: 'string', readOnly: true },
      Absent: { type: 'string', readOnly: false },
      Undeclared: { type: 'string' },
      Shape: { type: 'object', readOnly: true },
      HeartbeatInterval: { type: 'integer', readOnly: false },
    },
  };
  const Custom = {
    Count: 1,
    Rate: 0.5,
    On: true,
    Text: 'a',
    Fixed: 'f',
    Undeclared: 'u',
    Shape: { x: 1 },
    HeartbeatInterval: 5,
  };
  const open = (): Configuration => configurationWith({ Custom }, { customSchema });

  test('B-02: are seen when they are there and declared with readOnly', () => {
    const listed = open().read([]).configurationKey.slice(-6);
    expect(listed.map(({ key, readonly, value }) => `${key} ${readonly} ${value}`)).toEqual([
      'Count false 1',
      'Rate false 0.5',
      'On false true',
      'Text false a',
      'Fixed true f',
      'Shape true {"x":1}',
    ]);
    expect(open().read(['Undeclared', 'Absent', 'count']).unknownKey).toEqual(['Undeclared', 'Absent', 'count']);
  });

  test('B-03: are changed by their types and the whole schema; built-in names win', () => {
    const configuration = open();
    const changes = {
      Count: [
        ['9', 'Accepted'],
        ['10', 'Rejected'],
        ['x', 'Rejected'],
      ],
      Rate: [
        ['1.25', 'Accepted'],
        ['x', 'Rejected'],
      ],
      On: [
        ['FALSE', 'Accepted'],
        ['1', 'Rejected'],
      ],
      Text: [
        ['abcde', 'Accepted'],
        ['abcdef', 'Rejected'],
      ],
      Fixed: [['x', 'Rejected']],
      Absent: [['x', 'NotSupported']],
      Undeclared: [['x', 'NotSupported']],
      HeartbeatInterval: [['77', 'Accepted']],
    };
    for (const [key, steps] of Object.entries(changes))
      for (const [value = '', status] of steps)
        expect([key, value, configuration.change(key, value)]).toEqual([key, value, status]);
    expect(configuration.get('HeartbeatInterval')).toBe(77);
    expect(toldValue(configuration, 'Count')).toBe('9');
    expect(toldValue(configuration, 'On')).toBe('false');
  });

  test('B-01: without a schema the section may hold anything, and nobody sees it', () => {
    const configuration = configurationWith({ Custom });
    expect(configuration.read(['Count']).unknownKey).toEqual(['Count']);
    expect(configuration.change('Count', '2')).toBe('NotSupported');
  });
});
