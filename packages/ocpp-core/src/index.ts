export { ChargePoint } from './charge-point.ts';
export type { ChargePointApi } from './charge-point-api.ts';
export type * from './charge-point-types.ts';
export type * from './ocpp-types.ts';
export { ocppMigrations } from './persistence/migrations.ts';
export type * from './station.ts';
export * from './transactions/ids.ts';
export type * from './transport/transport.ts';
export { WebsocketTransport } from './transport/websocket-transport.ts';
