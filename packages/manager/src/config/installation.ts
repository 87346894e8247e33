import { isAbsolute, join, resolve } from 'node:path';
import type { ConfigurationText } from './load-configuration.ts';
import { isObject } from './merge-patch.ts';
import { mergedText } from './merged-text.ts';
import { YamlFile } from './yaml-file.ts';

/** Where things lie in an installation folder of EVerest, as its tools expect them. */
export interface Installation {
  /** Its configuration files. */
  readonly etc: string;
  readonly share: string;
  /** Where relative paths of the OCPP module lead. */
  readonly ocpp: string;
}

/** @param prefix the installation folder; `/usr` has its configuration in `/etc` */
export function installation(prefix: string): Installation {
  const share = join(prefix, 'share', 'everest');
  return {
    etc: prefix === '/usr' ? '/etc/everest' : join(prefix, 'etc', 'everest'),
    share,
    ocpp: join(share, 'modules', 'OCPP'),
  };
}

/** Relative paths that a configuration gives, by module and key, and the folder that each is relative to. */
const RELATIVE_PATHS: Readonly<Record<string, Readonly<Record<string, (prefix: string) => string>>>> = {
  OCPP: { UserConfigPath: (prefix) => installation(prefix).ocpp },
  OCPPmulti: { UserConfigPath: (prefix) => installation(prefix).ocpp },
  PersistentStore: { sqlite_db_file_path: () => process.cwd() },
};

/**
 * A configuration as it is meant below an installation folder: what it writes to by a relative path lies where the reference has it. A
 * path that it does not give stays the manifest's, and so in the state folder.
 */
export function placedIn(prefix: string, text: ConfigurationText): ConfigurationText {
  const merged = mergedText(text);
  const modules = isObject(merged) && isObject(merged.active_modules) ? merged.active_modules : {};
  const placed = Object.entries(modules).flatMap(([id, module]) => {
    if (!isObject(module) || !isObject(module.config_module)) return [];
    const paths = absolutePaths(prefix, String(module.module), module.config_module);
    return Object.keys(paths).length === 0 ? [] : [[id, { config_module: paths }] as const];
  });
  const patch = {
    settings: { prefix },
    ...(placed.length > 0 && { active_modules: Object.fromEntries(placed) }),
  };
  const overlay = new YamlFile(`${text.file} (in ${prefix})`, JSON.stringify(patch));
  return { ...text, overlays: [overlay, ...text.overlays] };
}

function absolutePaths(
  prefix: string,
  module: string,
  values: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const folders = Object.hasOwn(RELATIVE_PATHS, module) ? (RELATIVE_PATHS[module] ?? {}) : {};
  return Object.fromEntries(
    Object.entries(folders).flatMap(([key, folderOf]) => {
      const path = values[key];
      return typeof path === 'string' && path !== '' && !isAbsolute(path)
        ? [[key, resolve(folderOf(prefix), path)]]
        : [];
    }),
  );
}
