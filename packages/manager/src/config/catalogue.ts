import type { Contracts, Manifest } from '@chargemesh/contracts';

/** What is known of the modules that a configuration may name. */
export interface ModuleCatalogue {
  readonly contracts: Contracts;
  /** Whether the module can be started here. */
  hasImplementation(module: string): boolean;
}

/** The manifest of each module of one configuration, by id; undefined where nobody knows the module. */
export type ManifestById = ReadonlyMap<string, Manifest | undefined>;
