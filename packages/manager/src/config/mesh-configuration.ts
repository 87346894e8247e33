import type { ConfigValue, Manifest } from '@chargemesh/contracts';

/** Where a module or an implementation stands; none means the whole station. */
export interface PlaceMapping {
  readonly evse: number;
  readonly connector?: number;
}

/** The mapping of a module and of its implementations. */
export interface ConfiguredMapping {
  readonly module?: PlaceMapping;
  readonly implementations?: Readonly<Record<string, PlaceMapping>>;
}

/** One connection of a requirement. */
export interface ConfiguredConnection {
  readonly moduleId: string;
  readonly implementationId: string;
}

/** Whose configuration a module may read and write (bus.md 1.5). */
export interface ConfiguredAccess {
  readonly allowGlobalRead: boolean;
  readonly allowGlobalWrite: boolean;
  readonly allowSetReadOnly: boolean;
  readonly modules: Readonly<Record<string, { allowRead: boolean; allowWrite: boolean; allowSetReadOnly: boolean }>>;
}

/** One module of a mesh, as configured, with all defaults. */
export interface ConfiguredModule {
  readonly id: string;
  /** Which module it is: the name of its manifest. */
  readonly name: string;
  readonly manifest: Manifest;
  readonly standalone: boolean;
  readonly capabilities: readonly string[];
  readonly config: Readonly<Record<string, ConfigValue>>;
  /** One for each provided implementation, maybe empty. */
  readonly implementations: Readonly<Record<string, Readonly<Record<string, ConfigValue>>>>;
  /** By requirement, in the order of their index; requirements without connections are absent. */
  readonly connections: Readonly<Record<string, readonly ConfiguredConnection[]>>;
  readonly mapping: ConfiguredMapping | undefined;
  readonly telemetryId: number | undefined;
  /** The access as it stands in the file, for the bus; undefined where there is none. */
  readonly access: ConfiguredAccess | undefined;
}

/** The settings of a mesh with defaults, as far as they mean something here. */
export interface MeshSettings {
  readonly prefix: string;
  readonly modulesDir: string | undefined;
  readonly interfacesDir: string | undefined;
  readonly typesDir: string | undefined;
  readonly errorsDir: string | undefined;
  /** An outside broker; undefined: the mesh brings its own. */
  readonly broker: { readonly host: string; readonly port: number } | undefined;
  /** A Unix socket of an outside broker. */
  readonly brokerSocket: string | undefined;
  /** Ends in a slash. */
  readonly meshPrefix: string;
  readonly externalPrefix: string;
  /** Ends in a slash. */
  readonly telemetryPrefix: string;
  readonly telemetryEnabled: boolean;
  readonly validateSchema: boolean;
  readonly forwardExceptions: boolean;
}

/** A configuration that was read and checked. */
export interface MeshConfiguration {
  /** The absolute path of its file. */
  readonly file: string;
  readonly settings: MeshSettings;
  /** Sorted by id. */
  readonly modules: readonly ConfiguredModule[];
}
