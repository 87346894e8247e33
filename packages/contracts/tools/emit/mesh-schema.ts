import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repositoryFolder } from '../../src/artifacts/sources.ts';
import type { ConfigEntry, Manifest } from '../../src/model/manifest.ts';

type Json = Record<string, unknown>;

/**
 * The schema that an editor completes a mesh configuration with: that of every configuration, and for each module that comes with the
 * mesh its configuration keys, implementations and requirements. Modules of others pass as they are.
 */
export function emitMeshSchema(base: Json, manifests: readonly Manifest[]): string {
  const definitions = record(base.definitions);
  const module = record(definitions.module);
  const name = record(record(module.properties).module);
  const schema = {
    ...base,
    $id: 'mesh.schema.json',
    description: `${base.description} Generated from the manifests by \`pnpm generate\`.`,
    definitions: {
      ...definitions,
      module: {
        ...module,
        properties: {
          ...record(module.properties),
          module: { ...name, anyOf: [{ enum: manifests.map((manifest) => manifest.name) }, {}] },
        },
        allOf: manifests.map((manifest) => ({
          if: { properties: { module: { const: manifest.name } }, required: ['module'] },
          // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
          then: moduleSchema(manifest),
        })),
      },
    },
  };
  return formatJson(JSON.stringify(schema));
}

function moduleSchema(manifest: Manifest): Json {
  const implementations = Object.entries(manifest.provides);
  return {
    description: manifest.description,
    properties: {
      config_module: configSet(manifest.config),
      config_implementation: {
        properties: Object.fromEntries(implementations.map(([id, { config }]) => [id, configSet(config)])),
        additionalProperties: false,
      },
      connections: {
        properties: Object.fromEntries(
          Object.entries(manifest.requires).map(([id, requirement]) => [
            id,
            {
              description: `To implementations of ${requirement.interface}.`,
              minItems: requirement.minConnections,
              maxItems: requirement.maxConnections,
            },
          ]),
        ),
        additionalProperties: false,
      },
    },
  };
}

function configSet(config: Readonly<Record<string, ConfigEntry>>): Json {
  const required = Object.entries(config).filter(([, entry]) => entry.default === undefined);
  return {
    properties: Object.fromEntries(
      Object.entries(config).map(([key, entry]) => [
        key,
        {
          description: entry.description,
          ...entry.schema,
          ...(entry.default === undefined ? {} : { default: entry.default }),
        },
      ]),
    ),
    ...(required.length > 0 ? { required: required.map(([key]) => key) } : {}),
  };
}

function record(value: unknown): Json {
  if (typeof value !== 'object' || value === null) throw new Error('the configuration schema has changed its form');
  return { ...value };
}

/** As the repository's formatter writes it, so that it never disagrees with the generator. */
function formatJson(text: string): string {
  const biome = join(repositoryFolder, 'node_modules/.bin/biome');
  const path = 'schemas/mesh.schema.json';
  const run = spawnSync(biome, ['format', `--stdin-file-path=${path}`], {
    cwd: repositoryFolder,
    input: text,
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`biome could not format ${path}: ${run.stderr}`);
  return run.stdout;
}
