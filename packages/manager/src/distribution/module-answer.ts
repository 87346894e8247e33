import type { ConfiguredMapping, ConfiguredModule, PlaceMapping } from '../config/mesh-configuration.ts';
import { wireParameters } from './parameters.ts';

/**
 * The `data` of the answer to `Get/Module`: the module itself, and the mappings of all to whom it is connected.
 * @see reference bus.md 1.5
 */
export function moduleAnswer(module: ConfiguredModule, modules: ReadonlyMap<string, ConfiguredModule>): unknown {
  const telemetry = module.telemetryId === undefined ? {} : { telemetry_config: { id: module.telemetryId } };
  const peers = new Set([
    module.id,
    ...Object.values(module.connections).flatMap((list) => list.map(({ moduleId }) => moduleId)),
  ]);
  return {
    mappings: Object.fromEntries([...peers].sort().map((id) => [id, wireMapping(modules.get(id)?.mapping)])),
    module_config: {
      access: wireAccess(module),
      ...(module.capabilities.length > 0 && { capabilities: module.capabilities }),
      configuration_parameters: wireParameters(module),
      connections: wireConnections(module),
      mapping: wireMapping(module.mapping),
      module_id: module.id,
      module_name: module.name,
      standalone: module.standalone,
      ...telemetry,
      telemetry_enabled: module.telemetryId !== undefined,
    },
    ...telemetry,
  };
}

/** A mapping, or null where there is none. */
export function wireMapping(mapping: ConfiguredMapping | undefined): unknown {
  if (!mapping) return null;
  const { implementations, module } = mapping;
  return {
    ...(implementations && {
      implementations: Object.fromEntries(
        Object.entries(implementations)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([id, place]) => [id, wirePlace(place)]),
      ),
    }),
    ...(module && { module: wirePlace(module) }),
  };
}

function wirePlace({ connector, evse }: PlaceMapping): PlaceMapping {
  return { ...(connector !== undefined && { connector }), evse };
}

function wireConnections({ connections }: ConfiguredModule): unknown {
  const wire: Record<string, unknown> = {};
  for (const requirement of Object.keys(connections).sort())
    wire[requirement] = (connections[requirement] ?? []).map(({ moduleId, implementationId }, index) => ({
      implementation_id: implementationId,
      module_id: moduleId,
      requirement: index === 0 ? { id: requirement } : { id: requirement, index },
    }));
  return wire;
}

function wireAccess({ access }: ConfiguredModule): unknown {
  if (!access) return null;
  const modules = Object.entries(access.modules).map(([id, { allowRead, allowWrite, allowSetReadOnly }]) => [
    id,
    { allow_read: allowRead, allow_set_read_only: allowSetReadOnly, allow_write: allowWrite },
  ]);
  return {
    config: {
      allow_global_read: access.allowGlobalRead,
      allow_global_write: access.allowGlobalWrite,
      allow_set_read_only: access.allowSetReadOnly,
      modules: Object.fromEntries(modules),
    },
  };
}
