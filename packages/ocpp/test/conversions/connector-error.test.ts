import { loadContracts } from '@chargemesh/contracts';
import type { MeshError } from '@chargemesh/framework';
import { describe, expect, test } from '@jest/globals';
import { connectorError, errorConnector } from '../../src/conversions/connector-error.ts';

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

describe('minimum required error codes', () => {
  test.each([
    ['connector_lock/MREC1ConnectorLockFailure', 'ConnectorLockFailure', 'CX001'],
    ['ac_rcd/MREC2GroundFailure', 'GroundFailure', 'CX002'],
    ['evse_board_support/MREC3HighTemperature', 'HighTemperature', 'CX003'],
    ['evse_manager/MREC4OverCurrentFailure', 'OverCurrentFailure', 'CX004'],
    ['evse_manager/MREC5OverVoltage', 'OverVoltage', 'CX005'],
    ['evse_board_support/MREC6UnderVoltage', 'UnderVoltage', 'CX006'],
    ['evse_board_support/MREC8EmergencyStop', 'OtherError', 'CX008'],
    ['evse_manager/MREC22ResistanceFault', 'OtherError', 'CX022'],
    ['evse_board_support/MREC26CutCable', 'OtherError', 'CX026'],
  ])('%s is %s with %s', (type, errorCode, vendorErrorCode) => {
    const { fault, info, ...rest } = connectorError(error(type));
    expect(rest).toMatchObject({ errorCode, vendorErrorCode, vendorId: 'https://chargex.inl.gov' });
    expect({ fault, info }).toEqual({ fault: false, info: undefined });
  });

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
  const contracts = loadContracts();
  const types = contracts.errorNamespaces.flatMap((space) =>
    Object.keys(contracts.errors(space).errors).map((name) => `${space}/${name}`),
  );
  expect(types.length).toBeGreaterThan(40);
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
  expect(errorConnector(undefined)).toBe(0);
  expect(errorConnector({ evse: 2 })).toBe(2);
  expect(errorConnector({ evse: 2, connector: 1 })).toBe(2);
});
