export { type ConfigurationChanges, writeConfiguration } from './world/scenario-files.ts';
export { VirtualWorld, type VirtualWorldOptions } from './world/virtual/virtual-world.ts';
export type { EvseView, LinkState, SeenMessage, Victim, World } from './world/world.ts';
