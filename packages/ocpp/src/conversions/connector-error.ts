import { parseTimestamp } from '@chargemesh/base';
import type { Mapping, MeshError } from '@chargemesh/framework';
import type { ConnectorError, ErrorCode } from '@chargemesh/ocpp-core';

/** The registry that the minimum required error codes (MREC) belong to. */
const MREC_VENDOR = 'https://chargex.inl.gov';

/** OCPP's code for each minimum required error, by its number in the registry. */
const mrecCodes: Readonly<Record<number, ErrorCode>> = {
  1: 'ConnectorLockFailure',
  2: 'GroundFailure',
  3: 'HighTemperature',
  4: 'OverCurrentFailure',
  5: 'OverVoltage',
  6: 'UnderVoltage',
  8: 'OtherError',
  10: 'OtherError',
  11: 'OtherError',
  14: 'OtherError',
  15: 'OtherError',
  17: 'OtherError',
  18: 'OtherError',
  19: 'OtherError',
  20: 'OtherError',
  22: 'OtherError',
  23: 'OtherError',
  24: 'OtherError',
  25: 'OtherError',
  26: 'OtherError',
};

const MREC_NAME = /^MREC(\d+)/;

/**
 * An error of the mesh as a StatusNotification tells it: the minimum required error codes by their registry's number, a meter that is
 * silent, an EVSE that is inoperative (the only fault), and everything else by origin, type and message.
 */
export function connectorError(error: MeshError): ConnectorError {
  const [namespace = '', name = ''] = split(error.type);
  const common = { id: error.uuid, timestampMs: parseTimestamp(error.timestamp) ?? 0, fault: false } as const;
  const number = MREC_NAME.exec(name)?.[1] ?? '';
  const errorCode = mrecCodes[Number(number)];
  if (errorCode)
    return { ...common, errorCode, vendorId: MREC_VENDOR, vendorErrorCode: `CX${number.padStart(3, '0')}` };
  if (error.type === 'powermeter/CommunicationFault') return { ...common, errorCode: 'PowerMeterFailure' };
  if (error.type === 'evse_manager/Inoperative')
    return {
      ...common,
      fault: true,
      errorCode: 'OtherError',
      info: `caused_by:${error.message}`,
      vendorId: error.vendor_id,
      vendorErrorCode: error.description,
    };
  return {
    ...common,
    errorCode: 'OtherError',
    info: `${error.origin.module_id}->${error.origin.implementation_id}`,
    vendorId: error.message,
    vendorErrorCode: [name === '' ? namespace : name, error.sub_type].filter((part) => part !== '').join('/'),
  };
}

/** The EVSE of an error's origin: 0, the station, where it is mapped nowhere. */
export function errorEvse(mapping: Mapping | undefined): number {
  return mapping?.evse ?? 0;
}

function split(type: string): [string, string] {
  const slash = type.indexOf('/');
  return slash < 0 ? [type, ''] : [type.slice(0, slash), type.slice(slash + 1)];
}
