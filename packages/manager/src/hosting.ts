/** What a module needs in a process of its own, without what only a manager needs. */
export { type ChildSettings, childEnvironment, readChildEnvironment } from './hosting/child-environment.ts';
export { type ProcessEnvironment, runModule } from './hosting/run-module.ts';
export { BrokerLink } from './mesh/broker-link.ts';
export { ManagerWatch } from './mesh/manager-presence.ts';
export { ModuleLibrary } from './modules/module-library.ts';
export { controlSocketPath, defaultStateFolder } from './state/paths.ts';
