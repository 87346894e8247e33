import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { ChargemeshError } from '@chargemesh/base';
import { repositoryFolder } from '@chargemesh/contracts';
import { mergePatch, readConfigurationText } from '@chargemesh/manager';
import { stringify } from 'yaml';

/** What a scenario changes in the configuration that it is played on. */
export interface ConfigurationChanges {
  /** The configuration file, absolute. */
  readonly file: string;
  /** A merge patch over it (RFC 7396). */
  readonly patch: unknown;
  /** OCPP configuration keys, over those of its ChargePointConfigPath; `Profile.Key` where that file does not have the key yet. */
  readonly ocpp: Readonly<Record<string, unknown>>;
}

type Json = Record<string, unknown>;

/**
 * Writes the configuration that a scenario is played on, with that of its OCPP module, into a folder.
 * @returns the path of the first
 * @throws ChargemeshError `SCENARIO_CONFIG` where a key has no place
 */
export function writeConfiguration(folder: string, { file, patch, ocpp }: ConfigurationChanges): string {
  mkdirSync(folder, { recursive: true });
  const text = readConfigurationText(file);
  const configuration = mergePatch(text.base.value, patch ?? {}) as { active_modules?: Record<string, Json> };
  for (const module of Object.values(configuration.active_modules ?? {})) {
    if (module.module !== 'OCPP') continue;
    const config = module.config_module as Json;
    const path = join(folder, 'ocpp.json');
    writeFileSync(path, JSON.stringify(withKeys(readOcpp(String(config.ChargePointConfigPath), file), ocpp), null, 2));
    config.ChargePointConfigPath = path;
  }
  const written = join(folder, 'mesh.yaml');
  writeFileSync(written, stringify(configuration));
  return written;
}

/** Where the reference's configurations would look: beside the configuration, then where those of OCPP lie (D5). */
function readOcpp(path: string, configuration: string): Record<string, Json> {
  const places = isAbsolute(path)
    ? [path]
    : [dirname(configuration), join(repositoryFolder, 'config', 'ocpp')].map((folder) => join(folder, path));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new ChargemeshError('SCENARIO_CONFIG', `there is no OCPP configuration ${path}`);
  return JSON.parse(readFileSync(found, 'utf8'));
}

function withKeys(base: Record<string, Json>, keys: Readonly<Record<string, unknown>>): Record<string, Json> {
  const merged = structuredClone(base);
  for (const [name, value] of Object.entries(keys)) {
    const [given, key = name] = name.includes('.') ? name.split('.') : [undefined, name];
    const profile = given ?? Object.keys(merged).find((candidate) => Object.hasOwn(merged[candidate] ?? {}, key));
    if (profile === undefined)
      throw new ChargemeshError(
        'SCENARIO_CONFIG',
        `ocpp: ${name} is not in the configuration yet: write it with its profile, such as Core.${name}`,
      );
    merged[profile] = { ...merged[profile], [key]: value };
  }
  return merged;
}
