import type { Prefixes } from '@chargemesh/framework';

/** What a child process is told about the mesh that it belongs to. The names that begin with EV are the reference's (bus.md 2.3). */
export interface ChildSettings {
  readonly broker: { readonly host: string; readonly port: number };
  readonly prefixes: Prefixes;
  readonly stateFolder: string;
  readonly searchPaths: readonly string[];
  readonly runOptions: Readonly<Record<string, string>>;
  readonly moduleFolders: readonly string[];
  readonly interfacesFolder: string | undefined;
  readonly telemetryEnabled: boolean;
  readonly logLevel: string;
}

/** The environment of a child. */
export function childEnvironment(moduleId: string, settings: ChildSettings): Record<string, string> {
  return {
    EV_MODULE: moduleId,
    EV_MQTT_BROKER_HOST: settings.broker.host,
    EV_MQTT_BROKER_PORT: String(settings.broker.port),
    EV_MQTT_EVEREST_PREFIX: settings.prefixes.mesh,
    EV_MQTT_EXTERNAL_PREFIX: settings.prefixes.external,
    CHARGEMESH_TELEMETRY_PREFIX: settings.prefixes.telemetry,
    CHARGEMESH_TELEMETRY: settings.telemetryEnabled ? '1' : '',
    CHARGEMESH_STATE: settings.stateFolder,
    CHARGEMESH_SEARCH: JSON.stringify(settings.searchPaths),
    CHARGEMESH_RUN_OPTIONS: JSON.stringify(settings.runOptions),
    CHARGEMESH_MODULES: JSON.stringify(settings.moduleFolders),
    CHARGEMESH_INTERFACES: settings.interfacesFolder ?? '',
    CHARGEMESH_LOG_LEVEL: settings.logLevel,
  };
}

/** The settings of a process that was started with {@link childEnvironment}, or by hand with some of it. */
export function readChildEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Partial<ChildSettings> {
  const host = environment.EV_MQTT_BROKER_HOST ?? environment.MQTT_SERVER_ADDRESS;
  const port = Number(environment.EV_MQTT_BROKER_PORT ?? environment.MQTT_SERVER_PORT ?? 1883);
  const state = environment.CHARGEMESH_STATE;
  const level = environment.CHARGEMESH_LOG_LEVEL;
  return {
    ...(host !== undefined && { broker: { host, port } }),
    prefixes: {
      mesh: withSlash(environment.EV_MQTT_EVEREST_PREFIX ?? 'everest'),
      external: environment.EV_MQTT_EXTERNAL_PREFIX ?? '',
      telemetry: withSlash(environment.CHARGEMESH_TELEMETRY_PREFIX ?? 'everest-telemetry'),
    },
    telemetryEnabled: environment.CHARGEMESH_TELEMETRY === '1',
    ...(state !== undefined && state !== '' && { stateFolder: state }),
    searchPaths: parsed(environment.CHARGEMESH_SEARCH) ?? [],
    runOptions: parsed(environment.CHARGEMESH_RUN_OPTIONS) ?? {},
    moduleFolders: parsed(environment.CHARGEMESH_MODULES) ?? [],
    interfacesFolder: environment.CHARGEMESH_INTERFACES || undefined,
    ...(level !== undefined && { logLevel: level }),
  };
}

function parsed<T>(text: string | undefined): T | undefined {
  return text === undefined || text === '' ? undefined : (JSON.parse(text) as T);
}

function withSlash(prefix: string): string {
  return prefix.endsWith('/') ? prefix : `${prefix}/`;
}
