export type { Bus, BusListener, BusMessage, BusSubscription, LastWill, PublishOptions } from './bus/bus.ts';
export { BusError } from './bus/bus-error.ts';
export { EmbeddedBroker } from './bus/embedded-broker.ts';
export { MemoryBroker } from './bus/memory-broker.ts';
export { MqttBus, type MqttBusOptions, tcpStream } from './bus/mqtt-bus.ts';
export { matchesFilter } from './bus/topic-filter.ts';
export { journalMigration } from './journal/journal.ts';
export type { JournalAnswer, JournalPosition, JournalRequest, JournalState } from './journal/journal-wire.ts';
export { CommandError, type CommandErrorType, commandErrorTypes, isShutdown } from './module/command-error.ts';
export { DEFAULT_PATIENCE_MS, DeadMan, type DeadManOptions } from './module/dead-man.ts';
export type {
  ErrorCondition,
  ErrorListener,
  ErrorReport,
  ErrorView,
  Mapping,
  MeshError,
  Severity,
} from './module/mesh-error.ts';
export {
  type CallOptions,
  type CommandHandlers,
  defineModule,
  type ExternalMqtt,
  type Heartbeat,
  type JournalReader,
  type Module,
  type ModuleDefinition,
  type ModuleHooks,
  type ModuleOf,
  type Provided,
  type Required,
  type Telemetry,
  type ValueJournal,
} from './module/module.ts';
export { RunMemory, runMemoryMigration } from './module/run-memory.ts';
export type { InterfaceShape, InterfacesShape, ManifestShape } from './module/shapes.ts';
export { ClockSync } from './runtime/clock-sync.ts';
export { fetchModuleInfo } from './runtime/fetch-module-info.ts';
export type { ModuleEnvironment } from './runtime/module-environment.ts';
export { IN_MEMORY } from './runtime/module-files.ts';
export type { Connection, ModuleInfo, ModuleMapping } from './runtime/module-info.ts';
export { mappingOf } from './runtime/module-info.ts';
export { lastWillOf, ModuleRuntime } from './runtime/module-runtime.ts';
export type { PresenceState } from './runtime/peer.ts';
export type { StorePlace, WrapStore } from './runtime/wrap-store.ts';
export {
  type CommandMessage,
  decodeCommand,
  decodeError,
  decodeMarkedVariable,
  decodeResult,
  decodeVariable,
  encodeCommand,
  encodeEnvelope,
  encodeError,
  encodeResult,
  encodeVariable,
  type MessageType,
  openEnvelope,
  type ResultMessage,
  WireFault,
} from './wire/envelope.ts';
export { defaultPrefixes, type Prefixes, Topics } from './wire/topics.ts';
