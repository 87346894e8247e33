import { dirname, join, resolve } from 'node:path';
import { repositoryFolder } from '@chargemesh/contracts';
import type { Finding } from '../config/finding.ts';
import { installation, placedIn } from '../config/installation.ts';
import {
  type ConfigurationText,
  type LoadedConfiguration,
  loadConfiguration,
  readConfigurationText,
} from '../config/load-configuration.ts';
import { isObject } from '../config/merge-patch.ts';
import type { ModuleSelection } from '../config/rules/modules.ts';
import { ModuleLibrary } from '../modules/module-library.ts';

/** Which configuration, and what beside it. */
export interface PrepareOptions {
  readonly configFile: string;
  /** Folders of modules that were brought along, beside `settings.modules_dir`. */
  readonly moduleFolders?: readonly string[];
  readonly selection?: Partial<ModuleSelection>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The patch that keeps what was set at run time. */
  readonly valuesFile?: string;
  /**
   * The installation folder that it is started from: relative paths of the settings are relative to it, those of OCPP to its place there,
   * which comes before all others.
   */
  readonly prefix?: string;
  /** Changes the text before it is checked. */
  readonly transform?: (text: ConfigurationText) => ConfigurationText;
}

/** A configuration that was read, with everything that is needed to start it. */
export interface PreparedMesh extends LoadedConfiguration {
  readonly library: ModuleLibrary;
  readonly moduleFolders: readonly string[];
  readonly interfacesFolder: string | undefined;
  /** Where a relative path of the configuration is looked up, in order (D5). */
  readonly searchPaths: readonly string[];
}

/**
 * Reads and checks a configuration with the modules that it names.
 * @throws ChargemeshError where there is no such file, or the contracts of a module that was brought along are broken
 */
export function prepareMesh(options: PrepareOptions): PreparedMesh {
  const read = readConfigurationText(options.configFile, options.valuesFile);
  const transformed = options.transform?.(read) ?? read;
  const text = options.prefix === undefined ? transformed : placedIn(options.prefix, transformed);
  const folder = dirname(text.file);
  const { settings = {}, active_modules: modules = {} } = isObject(text.base.value) ? text.base.value : {};
  const setting = (key: string): string | undefined => {
    const value = isObject(settings) ? settings[key] : undefined;
    return typeof value === 'string' ? resolve(options.prefix ?? folder, value) : undefined;
  };
  const modulesDir = setting('modules_dir');
  const moduleFolders = [
    ...(options.moduleFolders ?? []).map((path) => resolve(path)),
    ...(modulesDir === undefined ? [] : [modulesDir]),
  ];
  const interfacesFolder = setting('interfaces_dir');
  const library = ModuleLibrary.open({ names: moduleNames(modules), moduleFolders, interfacesFolder });
  const loaded = loadConfiguration(text, {
    catalogue: library,
    environment: options.environment,
    ...(options.selection && { selection: options.selection }),
  });
  const ownOcpp = join(repositoryFolder, 'config', 'ocpp');
  const prefix = setting('prefix');
  return {
    ...loaded,
    library,
    moduleFolders,
    interfacesFolder,
    searchPaths:
      options.prefix === undefined
        ? [folder, ownOcpp, ...(prefix === undefined ? [] : [installation(prefix).ocpp])]
        : [installation(options.prefix).ocpp, folder, ownOcpp],
  };
}

/** Whether a mesh can be started in spite of these. */
export function canStart(findings: readonly Finding[]): boolean {
  return findings.every(({ severity }) => severity !== 'error');
}

function moduleNames(modules: unknown): string[] {
  if (!isObject(modules)) return [];
  return Object.values(modules).flatMap((module) =>
    isObject(module) && typeof module.module === 'string' ? [module.module] : [],
  );
}
