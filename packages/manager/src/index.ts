export type { ModuleCatalogue } from './config/catalogue.ts';
export { type ConfigPath, type Finding, type FindingSeverity, formatFinding, formatPath } from './config/finding.ts';
export { type Installation, installation } from './config/installation.ts';
export {
  type ConfigurationText,
  type LoadedConfiguration,
  type LoadOptions,
  loadConfiguration,
  readConfigurationText,
} from './config/load-configuration.ts';
export { mergePatch } from './config/merge-patch.ts';
export { mergedText } from './config/merged-text.ts';
export type {
  ConfiguredAccess,
  ConfiguredConnection,
  ConfiguredMapping,
  ConfiguredModule,
  MeshConfiguration,
  MeshSettings,
  PlaceMapping,
} from './config/mesh-configuration.ts';
export type { ModuleSelection } from './config/rules/modules.ts';
export { suggest } from './config/suggest.ts';
export { YamlFile } from './config/yaml-file.ts';
export { ControlClient } from './control/control-client.ts';
export { type ControlCall, type ControlMethod, ControlServer } from './control/control-server.ts';
export { type BusEvent, type MeshFacts, type MeshStatus, meshMethods } from './control/mesh-methods.ts';
export { ConfigService, type ConfigServiceOptions, type ValueStore } from './distribution/config-service.ts';
export { type Definition, definitions } from './distribution/definitions.ts';
export { moduleAnswer } from './distribution/module-answer.ts';
export { WorkingConfiguration } from './distribution/working-configuration.ts';
export { type ChildSettings, childEnvironment, readChildEnvironment } from './hosting/child-environment.ts';
export type { ModuleCommand } from './hosting/child-host.ts';
export type { StopOutcome } from './hosting/module-host.ts';
export { type ProcessEnvironment, runModule } from './hosting/run-module.ts';
export type { BrokerAddress, BrokerChoice } from './mesh/broker-link.ts';
export { BrokerLink } from './mesh/broker-link.ts';
export type { ConnectorStatus, EvseActivity, EvseFault, SessionActivity } from './mesh/evse-activity.ts';
export { EvseWatch, type WatchedMesh } from './mesh/evse-watch.ts';
export { Mesh } from './mesh/mesh.ts';
export type { MeshEvent, StopOptions } from './mesh/mesh-event.ts';
export type { MeshEnd, MeshOptions } from './mesh/mesh-options.ts';
export type { ModuleState } from './mesh/module-state.ts';
export { canStart, type PreparedMesh, type PrepareOptions, prepareMesh } from './mesh/prepare-mesh.ts';
export { readValue } from './mesh/read-value.ts';
export { type EvseLayout, type StationLayout, stationLayout } from './mesh/station-layout.ts';
export { type LibraryOptions, ModuleLibrary, type ModuleSource } from './modules/module-library.ts';
export { FolderLock, type LockHolder } from './state/folder-lock.ts';
export { controlSocketPath, defaultStateFolder, stateRoot } from './state/paths.ts';
export { announceMesh, listMeshes, type RunningMesh } from './state/running-meshes.ts';
export { ValueOverlay } from './state/value-overlay.ts';
