import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadContracts, repositoryFolder } from '@chargemesh/contracts';
import type { MeshError } from '@chargemesh/framework';
import { describe, expect, test } from '@jest/globals';
import { connectorError, errorEvse } from '../../src/conversions/connector-error.ts';

function error(type: string, over: Partial<MeshError> = {}): MeshError {
  return {
    type,
    sub_type: '',
    message: 'a message',
    description: 'a description',
    severity: 'High',
    state: 'Active',
    origin: { module_id: 'yeti_driver', implementation_id: 'board_support' },
    vendor_id: 'everest',
    uuid: 'u',
    timestamp: '2026-01-01T00:00:00.000Z',
    ...over,
  };
}

/** The registry's number and OCPP's code of each minimum required error, typed in from ocpp-module's table; the others have none. */
const required: Readonly<Record<string, readonly [errorCode: string, vendorErrorCode: string]>> = {
  'connector_lock/MREC1ConnectorLockFailure': ['ConnectorLockFailure', 'CX001'],
  'evse_board_support/MREC2GroundFailure': ['GroundFailure', 'CX002'],
  'ac_rcd/MREC2GroundFailure': ['GroundFailure', 'CX002'],
  'evse_board_support/MREC3HighTemperature': ['HighTemperature', 'CX003'],
  'evse_board_support/MREC4OverCurrentFailure': ['OverCurrentFailure', 'CX004'],
  'evse_manager/MREC4OverCurrentFailure': ['OverCurrentFailure', 'CX004'],
  'evse_board_support/MREC5OverVoltage': ['OverVoltage', 'CX005'],
  'evse_manager/MREC5OverVoltage': ['OverVoltage', 'CX005'],
  'over_voltage_monitor/MREC5OverVoltage': ['OverVoltage', 'CX005'],
  'evse_board_support/MREC6UnderVoltage': ['UnderVoltage', 'CX006'],
  'evse_board_support/MREC8EmergencyStop': ['OtherError', 'CX008'],
  'evse_board_support/MREC10InvalidVehicleMode': ['OtherError', 'CX010'],
  'evse_manager/MREC11CableCheckFault': ['OtherError', 'CX011'],
  'evse_board_support/MREC14PilotFault': ['OtherError', 'CX014'],
  'evse_board_support/MREC15PowerLoss': ['OtherError', 'CX015'],
  'evse_board_support/MREC17EVSEContactorFault': ['OtherError', 'CX017'],
  'evse_board_support/MREC18CableOverTempDerate': ['OtherError', 'CX018'],
  'evse_board_support/MREC19CableOverTempStop': ['OtherError', 'CX019'],
  'evse_board_support/MREC20PartialInsertion': ['OtherError', 'CX020'],
  'evse_manager/MREC22ResistanceFault': ['OtherError', 'CX022'],
  'evse_board_support/MREC23ProximityFault': ['OtherError', 'CX023'],
  'evse_board_support/MREC24ConnectorVoltageHigh': ['OtherError', 'CX024'],
  'evse_board_support/MREC25BrokenLatch': ['OtherError', 'CX025'],
  'evse_board_support/MREC26CutCable': ['OtherError', 'CX026'],
};

/** All error types of the contracts, and those that EVerest has besides, where its facts lie beside the repository. */
const contracts = loadContracts();
const file = join(repositoryFolder, '../shared/reference/errors.json');
const others: Readonly<Record<string, readonly string[]>> = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : {};
const types = [
  ...new Set([
    ...contracts.errorNamespaces.flatMap((space) =>
      Object.keys(contracts.errors(space).errors).map((name) => `${space}/${name}`),
    ),
    ...Object.entries(others).flatMap(([space, names]) => names.map((name) => `${space}/${name}`)),
  ]),
];

describe('every type of error', () => {
  test('of the registry is there', () => {
    expect(types).toEqual(expect.arrayContaining(Object.keys(required)));
    expect(types.length).toBeGreaterThan(70);
  });

  test.each(types)('%s', (type) => {
    const name = type.slice(type.indexOf('/') + 1);
    const common = { id: 'u', timestampMs: 1_767_225_600_000, fault: type === 'evse_manager/Inoperative' };
    const mrec = required[type];
    const told = connectorError(error(type, { sub_type: 'sub', origin: { module_id: 'm', implementation_id: 'i' } }));
    if (mrec)
      expect(told).toEqual({
        ...common,
        errorCode: mrec[0],
        vendorId: 'https://chargex.inl.gov',
        vendorErrorCode: mrec[1],
      });
    else if (type === 'powermeter/CommunicationFault')
      expect(told).toEqual({ ...common, errorCode: 'PowerMeterFailure' });
    else if (common.fault)
      expect(told).toEqual({
        ...common,
        errorCode: 'OtherError',
        info: 'caused_by:a message',
        vendorId: 'everest',
        vendorErrorCode: 'a description',
      });
    else
      expect(told).toEqual({
        ...common,
        errorCode: 'OtherError',
        info: 'm->i',
        vendorId: 'a message',
        vendorErrorCode: `${name}/sub`,
      });
  });
});

describe('minimum required error codes', () => {
  test.each(Object.entries(required).map(([type, told]) => [type, ...told] as const))(
    '%s is %s with %s',
    (type, errorCode, vendorErrorCode) => {
      const { fault, info, ...rest } = connectorError(error(type));
      expect(rest).toMatchObject({ errorCode, vendorErrorCode, vendorId: 'https://chargex.inl.gov' });
      expect({ fault, info }).toEqual({ fault: false, info: undefined });
    },
  );

  test('one that the registry does not number is told by origin and type', () => {
    expect(connectorError(error('evse_manager/MREC9AuthorizationTimeout'))).toMatchObject({
      errorCode: 'OtherError',
      info: 'yeti_driver->board_support',
      vendorErrorCode: 'MREC9AuthorizationTimeout',
    });
  });
});

test('a silent meter has no vendor fields', () => {
  const told = connectorError(error('powermeter/CommunicationFault'));
  expect(told).toEqual({ id: 'u', timestampMs: 1_767_225_600_000, fault: false, errorCode: 'PowerMeterFailure' });
});

test('inoperative is the only fault', () => {
  expect(types.filter((type) => connectorError(error(type)).fault)).toEqual(['evse_manager/Inoperative']);
  expect(
    connectorError(
      error('evse_manager/Inoperative', { vendor_id: 'EVerest', message: 'x/Cause', description: 'Cause' }),
    ),
  ).toMatchObject({
    info: 'caused_by:x/Cause',
    vendorId: 'EVerest',
    vendorErrorCode: 'Cause',
  });
});

test('an error’s sub type follows its name; an empty one leaves no trace', () => {
  const type = 'evse_board_support/EnergyManagement';
  expect(connectorError(error(type, { sub_type: 'OutOfEnergy', message: 'someone cut the wires' }))).toMatchObject({
    vendorErrorCode: 'EnergyManagement/OutOfEnergy',
    vendorId: 'someone cut the wires',
  });
  expect(connectorError(error(type)).vendorErrorCode).toBe('EnergyManagement');
});

test('the example of the documentation comes out as it stands there', () => {
  const { info, vendorErrorCode, vendorId } = connectorError(
    error('evse_board_support/EnergyManagement', { sub_type: 'OutOfEnergy', message: 'someone cut the wires' }),
  );
  expect({ info, vendorErrorCode, vendorId }).toEqual({
    info: 'yeti_driver->board_support',
    vendorErrorCode: 'EnergyManagement/OutOfEnergy',
    vendorId: 'someone cut the wires',
  });
});

test('the connector is the EVSE’s of the origin, or the station', () => {
  expect(errorEvse(undefined)).toBe(0);
  expect(errorEvse({ evse: 2 })).toBe(2);
  expect(errorEvse({ evse: 2, connector: 1 })).toBe(2);
});

test('a type without an interface stays whole', () => {
  expect(connectorError(error('Odd')).vendorErrorCode).toBe('Odd');
  expect(connectorError(error('a/b/c')).vendorErrorCode).toBe('b/c');
});
