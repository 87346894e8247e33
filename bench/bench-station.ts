import { RealClock, type Store, silentLogger, systemRandom } from '@chargemesh/base';
import { ChargePoint, Configuration, type Station, WebsocketTransport } from '@chargemesh/ocpp-core';

const clock = new RealClock();

/** What a station of a benchmark differs in. */
export interface BenchStationOptions {
  readonly store: Store;
  /** Where its CSMS listens on the loopback interface. */
  readonly port: number;
  readonly queueLimit?: number;
}

/** A station with one connector that never does anything by itself. */
export function benchStation({ store, port, queueLimit = 1000 }: BenchStationOptions): ChargePoint {
  const configuration = Configuration.of(
    {
      Internal: {
        ChargePointId: 'bench',
        CentralSystemURI: `127.0.0.1:${port}/bench`,
        ChargeBoxSerialNumber: 'bench',
        ChargePointModel: 'bench',
        ChargePointVendor: 'bench',
        FirmwareVersion: '1',
        MessageQueueSizeThreshold: queueLimit,
      },
      Core: {
        AuthorizeRemoteTxRequests: false,
        ClockAlignedDataInterval: 0,
        ConnectionTimeOut: 60,
        ConnectorPhaseRotation: '0.RST,1.RST',
        GetConfigurationMaxKeys: 100,
        HeartbeatInterval: 86_400,
        LocalAuthorizeOffline: false,
        LocalPreAuthorize: false,
        MeterValuesAlignedData: '',
        MeterValuesSampledData: 'Energy.Active.Import.Register',
        MeterValueSampleInterval: 0,
        NumberOfConnectors: 1,
        ResetRetries: 1,
        StopTransactionOnInvalidId: true,
        StopTxnAlignedData: '',
        StopTxnSampledData: '',
        SupportedFeatureProfiles: 'Core',
        TransactionMessageAttempts: 5,
        TransactionMessageRetryInterval: 1,
        UnlockConnectorOnEVSideDisconnect: true,
      },
      Security: { SecurityProfile: 0 },
    },
    { connectors: 1, log: silentLogger },
  );
  const transport = new WebsocketTransport({ clock });
  return new ChargePoint({
    clock,
    random: systemRandom,
    log: silentLogger,
    store,
    configuration,
    transport,
    station: idle,
    connectors: 1,
  });
}

/** Resolves when the CSMS has accepted the station. */
export function accepted(station: ChargePoint): Promise<void> {
  return new Promise((resolve) => {
    const watch = station.on('bootResponse', () => {
      watch.cancel();
      resolve();
    });
  });
}

/** A station that has nothing to charge with; it answers a DataTransfer with what came. */
const idle: Station = {
  remoteStart: () => {},
  stopTransaction: async () => false,
  pauseCharging: async () => false,
  resumeCharging: async () => false,
  unlockConnector: async () => 'NotSupported',
  setAvailability: async () => {},
  isResetAllowed: async () => false,
  reset: async () => {},
  setSystemTime: () => {},
  setConnectionTimeout: () => {},
  reservationFor: async () => 'NotReserved',
  reserve: async () => 'Rejected',
  cancelReservation: async () => false,
  uploadDiagnostics: async () => undefined,
  updateFirmware: async () => {},
  allowInstallation: async () => {},
  dataTransfer: async ({ data }) => ({ status: 'Accepted', ...(data === undefined ? {} : { data }) }),
};
