import type { Contracts } from '@chargemesh/contracts';
import type { MeshConfiguration } from '../config/mesh-configuration.ts';

/** One of the topics that the manager keeps for modules: its name below the mesh's prefix, and what it holds. */
export interface Definition {
  readonly name: string;
  readonly data: unknown;
}

/**
 * Everything that a module fetches before it can start, in the order in which it has to be published: the names of the modules last,
 * since whoever has them may fetch the rest.
 *
 * @see reference bus.md 1.4
 */
export function definitions({ modules, settings }: MeshConfiguration, contracts: Contracts): Definition[] {
  const provided = modules.flatMap(({ manifest }) =>
    Object.values(manifest.provides).map((provision) => provision.interface),
  );
  const interfaces = [...new Set(provided)].sort();
  const typeFiles = settings.validateSchema ? contracts.typeFiles : [];
  const names = [...new Set(modules.map(({ name }) => name))].sort();
  return [
    { name: 'interfaces', data: interfaces },
    ...interfaces.map((name) => ({ name: `interface_definitions/${name}`, data: contracts.wireInterface(name) })),
    { name: 'types', data: typeFiles.map((file) => `/${file}`) },
    ...typeFiles.map((file) => ({ name: `type_definitions/${file}`, data: contracts.wireTypes(file) })),
    { name: 'settings', data: wireSettings(settings) },
    ...(settings.validateSchema ? [{ name: 'schemas', data: openSchemas }] : []),
    ...names.map((name) => ({ name: `manifests/${name}`, data: manifest(name, modules, contracts) })),
    { name: 'module_names', data: Object.fromEntries(modules.map(({ id, name }) => [id, name])) },
  ];
}

/** Modules of EVerest check with these what the manager has checked already; so they let everything through. */
const openSchemas = { config: {}, error_declaration_list: {}, interface: {}, manifest: {}, type: {} };

function wireSettings(settings: MeshConfiguration['settings']): unknown {
  const { prefix } = settings;
  return {
    data_dir: `${prefix}/share/everest`,
    etc_dir: prefix === '/usr' ? '/etc/everest' : `${prefix}/etc/everest`,
    forward_exceptions: settings.forwardExceptions,
    modules_dir: settings.modulesDir ?? `${prefix}/libexec/everest/modules`,
    prefix,
    telemetry_enabled: settings.telemetryEnabled,
    telemetry_prefix: settings.telemetryPrefix,
    validate_schema: settings.validateSchema,
  };
}

/** A module that a test plays has no manifest file: its manifest is what the configuration makes of it. */
function manifest(name: string, modules: MeshConfiguration['modules'], contracts: Contracts): unknown {
  if (contracts.findManifest(name)) return contracts.wireManifest(name);
  const played = modules.find((module) => module.name === name)?.manifest;
  return {
    description: played?.description ?? '',
    enable_external_mqtt: true,
    enable_global_errors: false,
    enable_telemetry: false,
    metadata: played?.metadata,
    provides: played?.provides ?? {},
    requires: Object.fromEntries(
      Object.entries(played?.requires ?? {}).map(([id, requirement]) => [
        id,
        {
          interface: requirement.interface,
          max_connections: requirement.maxConnections,
          min_connections: requirement.minConnections,
        },
      ]),
    ),
  };
}
