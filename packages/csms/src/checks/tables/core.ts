import { CHARGING_PROFILE, ID_TAG_INFO, ID_TOKEN, METER_VALUE } from './classes.ts';
import { CHARGE_POINT_STATUS, ERROR_CODE, STOP_REASON } from './enumerations.ts';
import { flag, integer, list, type MessageTables, object, oneOf, text, time } from './field.ts';

/** The Core profile. @see OCPP 1.6 edition 2, section 6 */
export const CORE: MessageTables = {
  Authorize: { sender: 'station', request: { idTag: ID_TOKEN }, response: { idTagInfo: ID_TAG_INFO } },
  BootNotification: {
    sender: 'station',
    request: {
      'chargeBoxSerialNumber?': text(25),
      chargePointModel: text(20, 1),
      'chargePointSerialNumber?': text(25),
      chargePointVendor: text(20, 1),
      'firmwareVersion?': text(50),
      'iccid?': text(20),
      'imsi?': text(20),
      'meterSerialNumber?': text(25),
      'meterType?': text(25),
    },
    response: { currentTime: time, interval: integer(0), status: oneOf(['Accepted', 'Pending', 'Rejected']) },
  },
  ChangeAvailability: {
    sender: 'csms',
    request: { connectorId: integer(0), type: oneOf(['Inoperative', 'Operative']) },
    response: { status: oneOf(['Accepted', 'Rejected', 'Scheduled']) },
  },
  ChangeConfiguration: {
    sender: 'csms',
    request: { key: text(50, 1), value: text(500) },
    response: { status: oneOf(['Accepted', 'Rejected', 'RebootRequired', 'NotSupported']) },
  },
  ClearCache: { sender: 'csms', request: {}, response: { status: oneOf(['Accepted', 'Rejected']) } },
  DataTransfer: {
    sender: 'both',
    request: { vendorId: text(255), 'messageId?': text(50), 'data?': text() },
    response: {
      status: oneOf(['Accepted', 'Rejected', 'UnknownMessageId', 'UnknownVendorId']),
      'data?': text(),
    },
  },
  GetConfiguration: {
    sender: 'csms',
    request: { 'key?': list(text(50), 0) },
    response: {
      'configurationKey?': list(object({ key: text(50, 1), readonly: flag, 'value?': text(500) }), 0),
      'unknownKey?': list(text(50), 0),
    },
  },
  Heartbeat: { sender: 'station', request: {}, response: { currentTime: time } },
  MeterValues: {
    sender: 'station',
    request: { connectorId: integer(0), 'transactionId?': integer(), meterValue: list(METER_VALUE) },
    response: {},
  },
  RemoteStartTransaction: {
    sender: 'csms',
    request: { 'connectorId?': integer(1), idTag: ID_TOKEN, 'chargingProfile?': CHARGING_PROFILE },
    response: { status: oneOf(['Accepted', 'Rejected']) },
  },
  RemoteStopTransaction: {
    sender: 'csms',
    request: { transactionId: integer() },
    response: { status: oneOf(['Accepted', 'Rejected']) },
  },
  Reset: {
    sender: 'csms',
    request: { type: oneOf(['Hard', 'Soft']) },
    response: { status: oneOf(['Accepted', 'Rejected']) },
  },
  StartTransaction: {
    sender: 'station',
    request: {
      connectorId: integer(1),
      idTag: ID_TOKEN,
      meterStart: integer(),
      'reservationId?': integer(),
      timestamp: time,
    },
    response: { idTagInfo: ID_TAG_INFO, transactionId: integer() },
  },
  StatusNotification: {
    sender: 'station',
    request: {
      connectorId: integer(0),
      errorCode: oneOf(ERROR_CODE),
      'info?': text(50),
      status: oneOf(CHARGE_POINT_STATUS),
      'timestamp?': time,
      'vendorId?': text(255),
      'vendorErrorCode?': text(50),
    },
    response: {},
  },
  StopTransaction: {
    sender: 'station',
    request: {
      'idTag?': ID_TOKEN,
      meterStop: integer(),
      timestamp: time,
      transactionId: integer(),
      'reason?': oneOf(STOP_REASON),
      'transactionData?': list(METER_VALUE, 0),
    },
    response: { 'idTagInfo?': ID_TAG_INFO },
  },
  UnlockConnector: {
    sender: 'csms',
    request: { connectorId: integer(1) },
    response: { status: oneOf(['Unlocked', 'UnlockFailed', 'NotSupported']) },
  },
};
