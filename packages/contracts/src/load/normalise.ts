import { ChargemeshError } from '@chargemesh/base';
import type { ErrorsContract } from '../model/errors-contract.ts';
import { type CommandContract, DEFAULT_DEADLINE_S, type InterfaceContract } from '../model/interface-contract.ts';
import type { JsonSchema } from '../model/json-schema.ts';
import type { ConfigEntry, Manifest } from '../model/manifest.ts';
import type { TypesContract } from '../model/types-contract.ts';
import type {
  CommandFile,
  ConfigEntryFile,
  ErrorsFile,
  InterfaceFile,
  ManifestFile,
  TypesFile,
} from './contract-files.ts';

type Entries<T> = Readonly<Record<string, T>>;

/** Fills in what an interface file leaves out, and resolves its error references to error types. */
export function normaliseInterface(
  name: string,
  file: InterfaceFile,
  errorsOf: (namespace: string) => ErrorsContract | undefined,
): InterfaceContract {
  return {
    name,
    description: file.description,
    commands: mapValues(file.cmds, normaliseCommand),
    variables: mapValues(file.vars, (schema) => {
      const { description = '', qos = 2, 'x-kind': kind = 'event', ...rest } = schema;
      return {
        description,
        schema: rest,
        kind: kind === 'state' ? 'state' : 'event',
        qos: qos === 0 || qos === 1 ? qos : 2,
      };
    }),
    errors: (file.errors ?? []).flatMap(({ reference }) => resolveErrors(name, reference, errorsOf)),
  };
}

function normaliseCommand(file: CommandFile): CommandContract {
  return {
    description: file.description ?? '',
    arguments: file.arguments ?? {},
    result: file.result ?? { type: 'null' },
    deadlineS: file['x-deadline-s'] ?? DEFAULT_DEADLINE_S,
  };
}

/** A reference is `/errors/<namespace>` for all of its errors or `/errors/<namespace>#/<Name>` for one. */
function resolveErrors(
  interfaceName: string,
  reference: string,
  errorsOf: (namespace: string) => ErrorsContract | undefined,
): string[] {
  const [path = '', pointer] = reference.split('#/');
  const namespace = path.replace(/^\/errors\//, '');
  const errors = errorsOf(namespace);
  if (!errors) {
    throw new ChargemeshError(
      'CONTRACT_INVALID',
      `interface ${interfaceName} refers to the errors ${reference}: there is no such file`,
    );
  }
  const names = Object.keys(errors.errors).filter((error) => pointer === undefined || pointer === error);
  return names.map((error) => `${namespace}/${error}`);
}

export function normaliseTypes(file: string, content: TypesFile): TypesContract {
  return { file, description: content.description, types: content.types ?? {} };
}

export function normaliseErrors(namespace: string, content: ErrorsFile): ErrorsContract {
  return {
    namespace,
    description: content.description,
    errors: Object.fromEntries(content.errors.map((error) => [error.name, error.description])),
  };
}

/** Fills in what a manifest leaves out. */
export function normaliseManifest(name: string, file: ManifestFile): Manifest {
  return {
    name,
    description: file.description,
    config: mapValues(file.config, normaliseConfigEntry),
    provides: mapValues(file.provides, (provision) => ({
      description: provision.description,
      interface: provision.interface,
      ...(provision['x-again'] && { again: provision['x-again'] }),
      config: mapValues(provision.config, normaliseConfigEntry),
    })),
    requires: mapValues(file.requires, (requirement) => ({
      interface: requirement.interface,
      minConnections: requirement.min_connections ?? 1,
      maxConnections: requirement.max_connections ?? 1,
      ignore: {
        vars: [requirement.ignore?.vars ?? []].flat(),
        errors: requirement.ignore?.errors ?? false,
      },
      rejoin: requirement['x-rejoin'],
    })),
    rejoin: file['x-rejoin'],
    enableExternalMqtt: file.enable_external_mqtt ?? false,
    enableTelemetry: file.enable_telemetry ?? false,
    enableGlobalErrors: file.enable_global_errors ?? false,
    metadata: file.metadata,
  };
}

function normaliseConfigEntry(file: ConfigEntryFile): ConfigEntry {
  const { description = '', mutability = 'ReadOnly', default: preset, ...schema } = file;
  return {
    description,
    type: scalarType(schema),
    mutability,
    ...(isScalar(preset) ? { default: preset } : {}),
    schema,
  };
}

function scalarType(schema: JsonSchema): ConfigEntry['type'] {
  const { type } = schema;
  return type === 'boolean' || type === 'integer' || type === 'number' ? type : 'string';
}

function isScalar(value: unknown): value is boolean | number | string {
  return typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string';
}

function mapValues<A, B>(entries: Entries<A> | undefined, map: (value: A) => B): Entries<B> {
  return Object.fromEntries(Object.entries(entries ?? {}).map(([key, value]) => [key, map(value)]));
}
