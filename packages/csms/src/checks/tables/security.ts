import { integer, list, type MessageTables, object, oneOf, text, time } from './field.ts';

const CERTIFICATE_HASH = object({
  hashAlgorithm: oneOf(['SHA256', 'SHA384', 'SHA512']),
  issuerNameHash: text(128),
  issuerKeyHash: text(128),
  serialNumber: text(40),
});

const ROOT_USE = oneOf(['CentralSystemRootCertificate', 'ManufacturerRootCertificate']);

/** The security extension. @see Improved security for OCPP 1.6-J, edition 2, sections 4 and 5 */
export const SECURITY: MessageTables = {
  CertificateSigned: {
    sender: 'csms',
    request: { certificateChain: text(10_000) },
    response: { status: oneOf(['Accepted', 'Rejected']) },
  },
  DeleteCertificate: {
    sender: 'csms',
    request: { certificateHashData: CERTIFICATE_HASH },
    response: { status: oneOf(['Accepted', 'Failed', 'NotFound']) },
  },
  ExtendedTriggerMessage: {
    sender: 'csms',
    request: {
      requestedMessage: oneOf([
        'BootNotification',
        'LogStatusNotification',
        'FirmwareStatusNotification',
        'Heartbeat',
        'MeterValues',
        'SignChargePointCertificate',
        'StatusNotification',
      ]),
      'connectorId?': integer(1),
    },
    response: { status: oneOf(['Accepted', 'Rejected', 'NotImplemented']) },
  },
  GetInstalledCertificateIds: {
    sender: 'csms',
    request: { certificateType: ROOT_USE },
    response: { status: oneOf(['Accepted', 'NotFound']), 'certificateHashData?': list(CERTIFICATE_HASH, 0) },
  },
  GetLog: {
    sender: 'csms',
    request: {
      logType: oneOf(['DiagnosticsLog', 'SecurityLog']),
      requestId: integer(),
      'retries?': integer(0),
      'retryInterval?': integer(0),
      log: object({ remoteLocation: text(512), 'oldestTimestamp?': time, 'latestTimestamp?': time }),
    },
    response: { status: oneOf(['Accepted', 'Rejected', 'AcceptedCanceled']), 'filename?': text(255) },
  },
  InstallCertificate: {
    sender: 'csms',
    request: { certificateType: ROOT_USE, certificate: text(5500) },
    response: { status: oneOf(['Accepted', 'Failed', 'Rejected']) },
  },
  LogStatusNotification: {
    sender: 'station',
    request: {
      status: oneOf([
        'BadMessage',
        'Idle',
        'NotSupportedOperation',
        'PermissionDenied',
        'Uploaded',
        'UploadFailure',
        'Uploading',
      ]),
      'requestId?': integer(),
    },
    response: {},
  },
  SecurityEventNotification: {
    sender: 'station',
    request: { type: text(50, 1), timestamp: time, 'techInfo?': text(255) },
    response: {},
  },
  SignCertificate: {
    sender: 'station',
    request: { csr: text(5500) },
    response: { status: oneOf(['Accepted', 'Rejected']) },
  },
  SignedFirmwareStatusNotification: {
    sender: 'station',
    request: {
      status: oneOf([
        'Downloaded',
        'DownloadFailed',
        'Downloading',
        'DownloadScheduled',
        'DownloadPaused',
        'Idle',
        'InstallationFailed',
        'Installing',
        'Installed',
        'InstallRebooting',
        'InstallScheduled',
        'InstallVerificationFailed',
        'InvalidSignature',
        'SignatureVerified',
      ]),
      'requestId?': integer(),
    },
    response: {},
  },
  SignedUpdateFirmware: {
    sender: 'csms',
    request: {
      'retries?': integer(0),
      'retryInterval?': integer(0),
      requestId: integer(),
      firmware: object({
        location: text(512),
        retrieveDateTime: time,
        'installDateTime?': time,
        signingCertificate: text(5500),
        signature: text(800),
      }),
    },
    response: {
      status: oneOf(['Accepted', 'Rejected', 'AcceptedCanceled', 'InvalidCertificate', 'RevokedCertificate']),
    },
  },
};
