/** What may stand at a place of a configuration. */
export type Shape =
  /** A mapping with known keys. `open`: others are let through. */
  | {
      readonly kind: 'keys';
      readonly what: string;
      readonly keys: Readonly<Record<string, Shape>>;
      readonly required?: readonly string[];
      readonly open?: boolean;
    }
  /** A mapping whose keys are names that somebody chose. */
  | { readonly kind: 'names'; readonly what: string; readonly name?: 'id' | 'module'; readonly each: Shape }
  | { readonly kind: 'list'; readonly what: string; readonly each: Shape }
  | { readonly kind: 'scalar' }
  | { readonly kind: 'text'; readonly name?: 'id' | 'module' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer'; readonly minimum?: number; readonly maximum?: number }
  | { readonly kind: 'mapping' };

/** How names are spelled. */
export const NAME_PATTERNS: { readonly id: RegExp; readonly module: RegExp } = {
  id: /^[a-zA-Z_][a-zA-Z0-9_.-]*$/,
  module: /^[a-zA-Z_][a-zA-Z0-9_-]*$/,
};

const text: Shape = { kind: 'text' };
const flag: Shape = { kind: 'boolean' };
const port: Shape = { kind: 'integer', minimum: 0, maximum: 65_535 };
const scalars: Shape = { kind: 'names', what: 'configuration values', each: { kind: 'scalar' } };
const place: Shape = {
  kind: 'keys',
  what: 'a place',
  keys: { evse: { kind: 'integer', minimum: 0 }, connector: { kind: 'integer', minimum: 0 } },
  required: ['evse'],
  open: true,
};

const settings: Shape = {
  kind: 'keys',
  what: 'settings',
  keys: {
    prefix: text,
    config_file: text,
    configs_dir: text,
    schemas_dir: text,
    modules_dir: text,
    interfaces_dir: text,
    types_dir: text,
    errors_dir: text,
    www_dir: text,
    logging_config_file: text,
    controller_port: port,
    controller_rpc_timeout_ms: { kind: 'integer', minimum: 0 },
    mqtt_broker_socket_path: text,
    mqtt_broker_host: text,
    mqtt_broker_port: port,
    mqtt_everest_prefix: text,
    mqtt_external_prefix: text,
    telemetry_prefix: text,
    telemetry_enabled: flag,
    validate_schema: flag,
    run_as_user: text,
    forward_exceptions: flag,
  },
};

const connection: Shape = {
  kind: 'keys',
  what: 'a connection',
  keys: { module_id: text, implementation_id: text },
  required: ['module_id', 'implementation_id'],
};

const access: Shape = {
  kind: 'keys',
  what: 'access',
  keys: {
    config: {
      kind: 'keys',
      what: 'access.config',
      keys: {
        allow_global_read: flag,
        allow_global_write: flag,
        allow_set_read_only: flag,
        modules: {
          kind: 'names',
          what: 'modules',
          each: {
            kind: 'keys',
            what: 'the access to a module',
            keys: { allow_read: flag, allow_write: flag, allow_set_read_only: flag },
            open: true,
          },
        },
      },
    },
  },
};

const activeModule: Shape = {
  kind: 'keys',
  what: 'a module',
  keys: {
    module: { kind: 'text', name: 'module' },
    standalone: flag,
    capabilities: { kind: 'list', what: 'capabilities', each: text },
    config_module: scalars,
    config_implementation: { kind: 'names', what: 'implementations', each: scalars },
    connections: {
      kind: 'names',
      what: 'requirements',
      name: 'id',
      each: { kind: 'list', what: 'connections', each: connection },
    },
    mapping: {
      kind: 'keys',
      what: 'a mapping',
      keys: { module: place, implementations: { kind: 'names', what: 'implementations', each: place } },
    },
    telemetry: { kind: 'keys', what: 'telemetry', keys: { id: { kind: 'integer' } }, open: true },
    access,
  },
  required: ['module'],
};

/** A whole configuration file (bus.md 3.1); the same as `schemas/configuration.schema.json`, for better words than a validator has. */
export const configurationShape: Shape = {
  kind: 'keys',
  what: 'a configuration',
  keys: {
    settings,
    active_modules: { kind: 'names', what: 'modules', name: 'id', each: activeModule },
    'x-module-layout': { kind: 'mapping' },
  },
};
