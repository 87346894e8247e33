import type { ChargemeshError, Clock, Logger, Random } from '@chargemesh/base';
import type { WrapStore } from '@chargemesh/framework';
import type { MeshConfiguration } from '../config/mesh-configuration.ts';
import type { ValueStore } from '../distribution/config-service.ts';
import type { ModuleCommand } from '../hosting/child-host.ts';
import type { Isolation } from '../hosting/module-hosts.ts';
import type { ModuleSource } from '../modules/module-library.ts';
import type { BrokerChoice } from './broker-link.ts';
import type { MeshEvent } from './mesh-event.ts';

/** Everything that a mesh stands on. */
export interface MeshOptions {
  readonly configuration: MeshConfiguration;
  readonly library: ModuleSource;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly logLevel: string;
  readonly broker: BrokerChoice;
  readonly isolate: Isolation;
  /** Neither started nor waited for. */
  readonly ignore?: readonly string[];
  /** How to start one module in a process of its own; needed where modules are isolated. */
  readonly program?: ModuleCommand;
  readonly stateFolder: string;
  readonly searchPaths: readonly string[];
  readonly runOptions: Readonly<Record<string, string>>;
  readonly moduleFolders: readonly string[];
  readonly interfacesFolder?: string | undefined;
  readonly values: ValueStore;
  /** Stands between the modules of this process and their databases, for tests. */
  readonly wrapStore?: WrapStore | undefined;
  /** Hears how the mesh comes up, in order. */
  readonly onEvent?: (event: MeshEvent) => void;
}

/** Why a mesh ended by itself. */
export type MeshEnd =
  | { readonly kind: 'failed'; readonly error: ChargemeshError }
  /** A module asked for the end, or for a new start from the ground up (a hard reset). */
  | { readonly kind: 'stop' | 'reboot'; readonly by: string; readonly reason: string };
