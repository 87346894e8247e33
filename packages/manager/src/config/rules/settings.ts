import type { Findings } from '../findings.ts';
import type { MeshSettings } from '../mesh-configuration.ts';
import type { RawSettings } from '../raw-configuration.ts';

const DEFAULT_BROKER_PORT = 1883;

/** Finds settings that exclude each other, and fills in what is left out (bus.md 3.2). */
export function readSettings(
  findings: Findings,
  raw: RawSettings,
  environment: Readonly<Record<string, string | undefined>>,
): MeshSettings {
  const meshPrefix = withSlash(raw.mqtt_everest_prefix ?? 'everest');
  const externalPrefix = raw.mqtt_external_prefix ?? '';
  if (externalPrefix !== '' && withSlash(externalPrefix) === meshPrefix)
    findings.report({
      code: 'CONFIG_PREFIX',
      path: ['settings', 'mqtt_external_prefix'],
      message: `the prefix of the mesh and that of external topics are both "${externalPrefix}"`,
      remedy: 'leave mqtt_external_prefix out, or choose another one',
    });
  const { host, port } = brokerFromEnvironment(environment);
  const socket = raw.mqtt_broker_socket_path;
  if (
    socket !== undefined &&
    (raw.mqtt_broker_host !== undefined || raw.mqtt_broker_port !== undefined || host !== undefined)
  )
    findings.report({
      code: 'CONFIG_BROKER',
      path: ['settings', 'mqtt_broker_socket_path'],
      message: `the broker is given twice: as a socket and as ${host === undefined ? 'a host' : 'MQTT_SERVER_ADDRESS'}`,
      remedy: 'give one of them',
    });
  const brokerHost = host ?? raw.mqtt_broker_host;
  return {
    prefix: raw.prefix ?? '/usr',
    modulesDir: raw.modules_dir,
    interfacesDir: raw.interfaces_dir,
    typesDir: raw.types_dir,
    errorsDir: raw.errors_dir,
    broker:
      brokerHost === undefined
        ? undefined
        : { host: brokerHost, port: port ?? raw.mqtt_broker_port ?? DEFAULT_BROKER_PORT },
    brokerSocket: socket,
    meshPrefix,
    externalPrefix,
    telemetryPrefix: withSlash(raw.telemetry_prefix ?? 'everest-telemetry'),
    telemetryEnabled: raw.telemetry_enabled ?? false,
    validateSchema: raw.validate_schema ?? false,
    forwardExceptions: raw.forward_exceptions ?? false,
  };
}

/** `MQTT_SERVER_ADDRESS` and `MQTT_SERVER_PORT` come before the file. A port alone means the local host. */
function brokerFromEnvironment(environment: Readonly<Record<string, string | undefined>>): {
  host?: string;
  port?: number;
} {
  const host = environment.MQTT_SERVER_ADDRESS;
  const port = Number(environment.MQTT_SERVER_PORT);
  const validPort = Number.isInteger(port) && port > 0;
  return {
    ...(host !== undefined && host !== '' ? { host } : validPort ? { host: 'localhost' } : {}),
    ...(validPort && { port }),
  };
}

function withSlash(prefix: string): string {
  return prefix.endsWith('/') ? prefix : `${prefix}/`;
}
