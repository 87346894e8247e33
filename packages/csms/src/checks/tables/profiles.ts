import { CHARGING_PROFILE, CHARGING_SCHEDULE, ID_TAG_INFO, ID_TOKEN } from './classes.ts';
import { integer, list, type MessageTables, object, oneOf, text, time } from './field.ts';

/**
 * Firmware management, local list, reservation, smart charging and remote trigger.
 * @see OCPP 1.6 edition 2, section 6
 */
export const PROFILES: MessageTables = {
  GetDiagnostics: {
    sender: 'csms',
    request: {
      location: text(),
      'retries?': integer(0),
      'retryInterval?': integer(0),
      'startTime?': time,
      'stopTime?': time,
    },
    response: { 'fileName?': text(255) },
  },
  DiagnosticsStatusNotification: {
    sender: 'station',
    request: { status: oneOf(['Idle', 'Uploaded', 'UploadFailed', 'Uploading']) },
    response: {},
  },
  UpdateFirmware: {
    sender: 'csms',
    request: { location: text(), 'retries?': integer(0), retrieveDate: time, 'retryInterval?': integer(0) },
    response: {},
  },
  FirmwareStatusNotification: {
    sender: 'station',
    request: {
      status: oneOf([
        'Downloaded',
        'DownloadFailed',
        'Downloading',
        'Idle',
        'InstallationFailed',
        'Installing',
        'Installed',
      ]),
    },
    response: {},
  },
  GetLocalListVersion: { sender: 'csms', request: {}, response: { listVersion: integer(-1) } },
  SendLocalList: {
    sender: 'csms',
    request: {
      listVersion: integer(),
      'localAuthorizationList?': list(object({ idTag: ID_TOKEN, 'idTagInfo?': ID_TAG_INFO }), 0),
      updateType: oneOf(['Differential', 'Full']),
    },
    response: { status: oneOf(['Accepted', 'Failed', 'NotSupported', 'VersionMismatch']) },
  },
  ReserveNow: {
    sender: 'csms',
    request: {
      connectorId: integer(0),
      expiryDate: time,
      idTag: ID_TOKEN,
      'parentIdTag?': ID_TOKEN,
      reservationId: integer(),
    },
    response: { status: oneOf(['Accepted', 'Faulted', 'Occupied', 'Rejected', 'Unavailable']) },
  },
  CancelReservation: {
    sender: 'csms',
    request: { reservationId: integer() },
    response: { status: oneOf(['Accepted', 'Rejected']) },
  },
  SetChargingProfile: {
    sender: 'csms',
    request: { connectorId: integer(0), csChargingProfiles: CHARGING_PROFILE },
    response: { status: oneOf(['Accepted', 'Rejected', 'NotSupported']) },
  },
  ClearChargingProfile: {
    sender: 'csms',
    request: {
      'id?': integer(),
      'connectorId?': integer(0),
      'chargingProfilePurpose?': oneOf(['ChargePointMaxProfile', 'TxDefaultProfile', 'TxProfile']),
      'stackLevel?': integer(0),
    },
    response: { status: oneOf(['Accepted', 'Unknown']) },
  },
  GetCompositeSchedule: {
    sender: 'csms',
    request: { connectorId: integer(0), duration: integer(0), 'chargingRateUnit?': oneOf(['A', 'W']) },
    response: {
      status: oneOf(['Accepted', 'Rejected']),
      'connectorId?': integer(0),
      'scheduleStart?': time,
      'chargingSchedule?': CHARGING_SCHEDULE,
    },
  },
  TriggerMessage: {
    sender: 'csms',
    request: {
      requestedMessage: oneOf([
        'BootNotification',
        'DiagnosticsStatusNotification',
        'FirmwareStatusNotification',
        'Heartbeat',
        'MeterValues',
        'StatusNotification',
      ]),
      'connectorId?': integer(1),
    },
    response: { status: oneOf(['Accepted', 'Rejected', 'NotImplemented']) },
  },
};
