import type { RawModule } from './raw-configuration.ts';

/** Names of requirements that mean another one, by module. */
const REQUIREMENT_ALIASES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  OCPP: { connector_zero_sink: 'evse_energy_sink' },
};

/** Configuration keys of OCPPmulti by what OCPP calls them. */
const MULTI_KEYS: Readonly<Record<string, string>> = {
  CompositeScheduleIntervalS: 'PublishChargingScheduleIntervalS',
  RequestCompositeScheduleDurationS: 'PublishChargingScheduleDurationS',
};

/** Keys of OCPPmulti that mean nothing to OCPP 1.6. */
const MULTI_ONLY = new Set([
  'Mode',
  'CoreDatabasePath',
  'CustomMrecErrorMapPath',
  'EnableLegacyConfigMigration',
  'EverestDeviceModelDatabasePath',
  'GridSupportHeartbeatS',
]);

/** What a requirement is called in the manifest. */
export function requirementName(module: string, requirement: string): string {
  return REQUIREMENT_ALIASES[module]?.[requirement] ?? requirement;
}

/** A module under the name that it has here: `OCPPmulti` that speaks 1.6 alone is `OCPP`. */
export function resolveAlias(raw: RawModule): RawModule {
  if (raw.module !== 'OCPPmulti' || raw.config_module?.Mode !== 'Only1.6') return raw;
  const values = Object.entries(raw.config_module)
    .filter(([key]) => !MULTI_ONLY.has(key))
    .map(([key, value]) => [MULTI_KEYS[key] ?? key, value]);
  const { grid_support: _, ...connections } = raw.connections ?? {};
  return { ...raw, module: 'OCPP', config_module: Object.fromEntries(values), connections };
}

/** Connections by the manifest's names of requirements. */
export function resolveConnections(raw: RawModule): NonNullable<RawModule['connections']> {
  const resolved: Record<string, NonNullable<RawModule['connections']>[string]> = {};
  for (const [requirement, list] of Object.entries(raw.connections ?? {})) {
    const name = requirementName(raw.module, requirement);
    const present = resolved[name] ?? [];
    const fresh = list.filter(
      (connection) =>
        name === requirement ||
        !present.some(
          ({ module_id, implementation_id }) =>
            module_id === connection.module_id && implementation_id === connection.implementation_id,
        ),
    );
    resolved[name] = [...present, ...fresh];
  }
  return resolved;
}
