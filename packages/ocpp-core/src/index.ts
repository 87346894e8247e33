export { ChargePoint } from './charge-point.ts';
export type { ChargePointApi } from './charge-point-api.ts';
export type * from './charge-point-types.ts';
export { checkOcppConfiguration } from './configuration/check.ts';
export {
  type ChangeStatus,
  Configuration,
  type ConfigurationOptions,
  type LoadOptions,
  type PreparedChange,
} from './configuration/configuration.ts';
export type { Finding as OcppFinding } from './configuration/finding.ts';
export type { KeyName, KeyValues } from './configuration/keys.ts';
export { OcppConfigurationError } from './configuration/ocpp-configuration-error.ts';
export { MessageLog, type MessageLogParts } from './message-log/message-log.ts';
export { visibleFrame } from './message-log/visible-frame.ts';
export type * from './metering/meter-reading.ts';
export type * from './ocpp-types.ts';
export { ocppMigrations } from './persistence/migrations.ts';
export { createFrameValidator, type FrameValidator, type SchemaFault } from './schemas/frame-validator.ts';
export type { FirmwareStatus } from './schemas/messages.ts';
export type * from './station.ts';
export * from './transactions/ids.ts';
export type * from './transport/transport.ts';
export { WebsocketTransport } from './transport/websocket-transport.ts';
