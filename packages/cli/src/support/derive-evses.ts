import { type ConfigurationText, YamlFile } from '@chargemesh/manager';
import { stringify } from 'yaml';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';

type Json = Record<string, unknown>;

/** No station has as many; each is a handful of modules. */
const MOST_EVSES = 256;

/**
 * Derives from a configuration one with another number of EVSEs: those too many are taken out with what belongs to them, and further ones
 * are copies of the last, with everything that is connected to it connected to them too.
 *
 * @throws CliError where the configuration has no EVSE that could be copied
 */
export function deriveEvses(text: ConfigurationText, count: number): ConfigurationText {
  const value = structuredClone(text.base.value);
  const modules = isObject(value) && isObject(value.active_modules) ? value.active_modules : {};
  const evses = Object.values(modules).flatMap((module) => {
    const place = isObject(module) && module.module === 'EvseManager' ? placeOf(module) : undefined;
    return place === undefined ? [] : [place];
  });
  const last = Math.max(0, ...evses);
  if (last === 0) throw new CliError('CLI_USAGE', '--evses: this configuration has no EVSE to copy', EXIT.usage);
  if (count < 1 || count > MOST_EVSES)
    throw new CliError('CLI_USAGE', `--evses ${count}: it is from 1 to ${MOST_EVSES}`, EXIT.usage);
  for (const evse of evses) if (evse > count) removeEvse(modules, evse);
  for (let evse = last + 1; evse <= count; evse++) copyEvse(modules, last, evse);
  const derived = new YamlFile(`${text.file} (with --evses ${count})`, stringify(value));
  return { ...text, base: derived };
}

function removeEvse(modules: Json, evse: number): void {
  const gone = new Set(groupOf(modules, evse));
  for (const id of gone) delete modules[id];
  for (const list of connectionLists(modules))
    list.splice(0, list.length, ...list.filter((connection) => !gone.has(String(connection.module_id))));
}

function copyEvse(modules: Json, from: number, to: number): void {
  const copies = new Map(groupOf(modules, from).map((id) => [id, copiedId(id, from, to)]));
  for (const list of connectionLists(modules))
    for (const connection of [...list]) {
      const copy = copies.get(String(connection.module_id));
      if (copy !== undefined) list.push({ ...connection, module_id: copy });
    }
  for (const [id, copy] of copies) modules[copy] = copiedModule(modules[id], from, to, copies);
  // What was connected within the group leads to the copy in the copy, and to the first one in the first one.
  for (const [id, copy] of copies) {
    keepOnly(modules[id], (target) => ![...copies.values()].includes(target));
    keepOnly(modules[copy], (target) => !copies.has(target));
  }
}

function copiedModule(module: unknown, from: number, to: number, copies: ReadonlyMap<string, string>): unknown {
  const copy = structuredClone(module);
  if (!isObject(copy)) return copy;
  if (isObject(copy.config_module)) {
    if (copy.config_module.connector_id === from) copy.config_module.connector_id = to;
    if (copy.config_module.evse_id === String(from)) copy.config_module.evse_id = String(to);
  }
  if (isObject(copy.mapping) && isObject(copy.mapping.module)) copy.mapping.module.evse = to;
  for (const list of connectionLists({ copy }))
    for (const connection of list)
      connection.module_id = copies.get(String(connection.module_id)) ?? connection.module_id;
  return copy;
}

function keepOnly(module: unknown, wanted: (moduleId: string) => boolean): void {
  for (const list of connectionLists({ module }))
    list.splice(0, list.length, ...unique(list.filter((connection) => wanted(String(connection.module_id)))));
}

function unique(list: readonly Json[]): Json[] {
  const seen = new Set<string>();
  return list.filter(({ module_id, implementation_id }) => {
    const key = `${String(module_id)} ${String(implementation_id)}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** The modules that belong to one EVSE: mapped to it, or numbered as it is. */
function groupOf(modules: Json, evse: number): string[] {
  return Object.entries(modules)
    .filter(([, module]) => isObject(module) && placeOf(module) === evse)
    .map(([id]) => id);
}

function placeOf(module: Json): number | undefined {
  const { mapping, config_module: config } = module;
  const mapped = isObject(mapping) && isObject(mapping.module) ? mapping.module.evse : undefined;
  const place = mapped ?? (isObject(config) ? config.connector_id : undefined);
  return typeof place === 'number' ? place : undefined;
}

function copiedId(id: string, from: number, to: number): string {
  const renamed = id.replace(new RegExp(`(?<!\\d)${from}(?!\\d)`), String(to));
  return renamed === id ? `${id}_${to}` : renamed;
}

function connectionLists(modules: Json): Json[][] {
  return Object.values(modules).flatMap((module) =>
    isObject(module) && isObject(module.connections)
      ? Object.values(module.connections).filter((list): list is Json[] => Array.isArray(list))
      : [],
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
