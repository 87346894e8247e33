import { silentLogger } from '@chargemesh/base';
import { Configuration, type ConfigurationOptions } from '../../src/configuration/configuration.ts';

/** Sections with keys, as a file has them. */
export type Document = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The smallest configuration that a station starts with (H-01). */
export const smallestDocument: Document = {
  Internal: {
    ChargePointId: 'cp001',
    CentralSystemURI: '127.0.0.1:9000',
    ChargeBoxSerialNumber: 'cp001',
    ChargePointModel: 'Model',
    ChargePointVendor: 'Vendor',
    FirmwareVersion: '1',
  },
  Core: {
    AuthorizeRemoteTxRequests: false,
    ClockAlignedDataInterval: 0,
    ConnectionTimeOut: 30,
    ConnectorPhaseRotation: '0.RST',
    GetConfigurationMaxKeys: 100,
    HeartbeatInterval: 300,
    LocalAuthorizeOffline: true,
    LocalPreAuthorize: false,
    MeterValuesAlignedData: 'Energy.Active.Import.Register',
    MeterValuesSampledData: 'Energy.Active.Import.Register',
    MeterValueSampleInterval: 0,
    NumberOfConnectors: 1,
    ResetRetries: 1,
    StopTransactionOnInvalidId: true,
    StopTxnAlignedData: 'Energy.Active.Import.Register',
    StopTxnSampledData: 'Energy.Active.Import.Register',
    SupportedFeatureProfiles: 'Core',
    TransactionMessageAttempts: 3,
    TransactionMessageRetryInterval: 10,
    UnlockConnectorOnEVSideDisconnect: true,
  },
  Security: { SecurityProfile: 0 },
};

/** {@link smallestDocument} with sections and keys put in or replaced. */
export function documentWith(more: Document): Document {
  const result: Record<string, Readonly<Record<string, unknown>>> = { ...smallestDocument };
  for (const [section, keys] of Object.entries(more)) result[section] = { ...result[section], ...keys };
  return result;
}

/** A configuration without files. */
export function configurationWith(
  more: Document = {},
  options: Partial<ConfigurationOptions> & { readonly customSchema?: object } = {},
): Configuration {
  return Configuration.of(documentWith(more), { connectors: 2, log: silentLogger, ...options });
}
