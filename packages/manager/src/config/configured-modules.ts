import type { ConfigEntry, ConfigValue, Manifest } from '@chargemesh/contracts';
import { resolveConnections } from './aliases.ts';
import type { ManifestById } from './catalogue.ts';
import type { ConfiguredAccess, ConfiguredConnection, ConfiguredModule } from './mesh-configuration.ts';
import type { RawModule } from './raw-configuration.ts';

/** Fills in every default. Modules that nobody knows are left out; the result is sorted by id. */
export function configuredModules(
  modules: Readonly<Record<string, RawModule>>,
  manifests: ManifestById,
  standalone: readonly string[],
): ConfiguredModule[] {
  return Object.keys(modules)
    .sort()
    .flatMap((id) => {
      const raw = modules[id];
      const manifest = manifests.get(id);
      return raw && manifest ? [configured(id, raw, manifest, standalone.includes(id))] : [];
    });
}

function configured(id: string, raw: RawModule, manifest: Manifest, standalone: boolean): ConfiguredModule {
  return {
    id,
    name: manifest.name,
    manifest,
    standalone: standalone || raw.standalone === true || manifest.name === 'ProbeModule',
    capabilities: raw.capabilities ?? [],
    config: withDefaults(manifest.config, raw.config_module),
    implementations: Object.fromEntries(
      Object.entries(manifest.provides).map(([implementation, provision]) => [
        implementation,
        withDefaults(provision.config, raw.config_implementation?.[implementation]),
      ]),
    ),
    connections: connections(raw),
    mapping: mapping(raw, manifest),
    telemetryId: raw.telemetry?.id,
    access: access(raw),
  };
}

function withDefaults(
  entries: Readonly<Record<string, ConfigEntry>>,
  values: Readonly<Record<string, ConfigValue>> | undefined,
): Record<string, ConfigValue> {
  const result: Record<string, ConfigValue> = {};
  for (const key of Object.keys(entries).sort()) {
    const value = values && Object.hasOwn(values, key) ? values[key] : entries[key]?.default;
    if (value !== undefined) result[key] = value;
  }
  return result;
}

function connections(raw: RawModule): Record<string, ConfiguredConnection[]> {
  const result: Record<string, ConfiguredConnection[]> = {};
  for (const [requirement, list] of Object.entries(resolveConnections(raw)))
    if (list.length > 0)
      result[requirement] = list.map(({ module_id, implementation_id }) => ({
        moduleId: module_id,
        implementationId: implementation_id,
      }));
  return result;
}

function mapping({ mapping: raw }: RawModule, manifest: Manifest): ConfiguredModule['mapping'] {
  if (!raw || (!raw.module && !raw.implementations)) return undefined;
  const known = Object.entries(raw.implementations ?? {}).filter(([id]) => Object.hasOwn(manifest.provides, id));
  return {
    ...(raw.module && { module: raw.module }),
    ...(known.length > 0 && { implementations: Object.fromEntries(known) }),
  };
}

function access({ access: raw }: RawModule): ConfiguredAccess | undefined {
  const config = raw?.config;
  if (!config) return undefined;
  return {
    allowGlobalRead: config.allow_global_read ?? false,
    allowGlobalWrite: config.allow_global_write ?? false,
    allowSetReadOnly: config.allow_set_read_only ?? false,
    modules: Object.fromEntries(
      Object.entries(config.modules ?? {}).map(([id, rights]) => [
        id,
        {
          allowRead: rights.allow_read ?? false,
          allowWrite: rights.allow_write ?? false,
          allowSetReadOnly: rights.allow_set_read_only ?? false,
        },
      ]),
    ),
  };
}
