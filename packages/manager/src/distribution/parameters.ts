import type { ConfigEntry, ConfigValue, Mutability } from '@chargemesh/contracts';
import type { ConfiguredModule } from '../config/mesh-configuration.ts';
import { wireValue } from './wire-number.ts';

/** The name under which a module's own parameters stand beside those of its implementations. */
export const MODULE_LEVEL = '!module';

/** One configuration parameter as it travels (bus.md 1.5). */
export interface WireParameter {
  readonly characteristics: {
    readonly datatype: 'string' | 'number' | 'integer' | 'bool';
    readonly mutability: Mutability;
  };
  readonly name: string;
  readonly value: unknown;
}

/** All parameters of a module: `!module` and one list for each implementation, sorted by name. */
export function wireParameters(
  { manifest, config, implementations }: ConfiguredModule,
  options: { readOnlyAsWritable?: boolean } = {},
): Record<string, WireParameter[]> {
  const result: Record<string, WireParameter[]> = { [MODULE_LEVEL]: list(manifest.config, config, options) };
  for (const id of Object.keys(manifest.provides).sort())
    result[id] = list(manifest.provides[id]?.config ?? {}, implementations[id] ?? {}, options);
  return result;
}

/** One parameter. */
export function wireParameter(
  name: string,
  entry: ConfigEntry,
  value: ConfigValue,
  { readOnlyAsWritable = false }: { readOnlyAsWritable?: boolean } = {},
): WireParameter {
  const mutability = readOnlyAsWritable && entry.mutability === 'ReadOnly' ? 'ReadWrite' : entry.mutability;
  return {
    characteristics: { datatype: entry.type === 'boolean' ? 'bool' : entry.type, mutability },
    name,
    value: wireValue(value, entry.type),
  };
}

function list(
  entries: Readonly<Record<string, ConfigEntry>>,
  values: Readonly<Record<string, ConfigValue>>,
  options: { readOnlyAsWritable?: boolean },
): WireParameter[] {
  return Object.keys(values)
    .sort()
    .flatMap((name) => {
      const entry = entries[name];
      const value = values[name];
      return entry && value !== undefined ? [wireParameter(name, entry, value, options)] : [];
    });
}
