import { expect, test } from '@jest/globals';
import { repositoryFolder } from '../src/artifacts/sources.ts';
import type { JsonSchema } from '../src/index.ts';
import { readContractFiles } from '../src/load/read-contract-files.ts';
import { describeWithReference, referenceJson } from './reference.ts';

/** A contract without descriptions and what this repository adds. */
function bare(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, part) => (key === 'description' || key.startsWith('x-') ? undefined : part)),
  );
}

/** `properties` may hold a property named description, so names of properties are kept apart from keywords. */
function bareSchema(schema: JsonSchema): Record<string, unknown> {
  const { description: _, properties, items, ...rest } = schema;
  const kept = Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith('x-')));
  return {
    ...kept,
    ...(items === undefined ? {} : { items: bareSchema(items) }),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, bareSchema(part)])) }),
  };
}

const mapValues = <A, B>(entries: Readonly<Record<string, A>> | undefined, map: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(entries ?? {}).map(([key, value]) => [key, map(value)]));

describeWithReference('the contracts have the meaning of the reference', () => {
  const ours = readContractFiles(repositoryFolder);

  test('there is an interface for each that the modules of the default mesh provide or require', () => {
    expect(Object.keys(ours.interfaces)).toHaveLength(38);
    expect(Object.keys(ours.manifests).length).toBeGreaterThanOrEqual(21);
  });

  test.each(Object.keys(ours.interfaces))('interface %s', (name) => {
    const theirs = referenceJson('interfaces')[name];
    const file = ours.interfaces[name];
    expect({
      cmds: mapValues(file?.cmds, (command) => ({
        arguments: mapValues(command.arguments, bareSchema),
        result: command.result ? bareSchema(command.result) : null,
      })),
      vars: mapValues(file?.vars, bareSchema),
      errors: (file?.errors ?? []).map(({ reference }) => reference),
    }).toEqual(theirs);
  });

  test.each(Object.keys(ours.types))('types %s', (name) => {
    expect(mapValues(ours.types[name]?.types, bareSchema)).toEqual(referenceJson('types')[name]);
  });

  test.each(Object.keys(ours.errors))('errors %s', (name) => {
    const names = ours.errors[name]?.errors.map((error) => error.name);
    expect(names).toEqual(referenceJson('errors')[name]);
  });

  const known = Object.keys(referenceJson('manifests'));
  test.each(Object.keys(ours.manifests).filter((name) => known.includes(name)))('manifest %s', (name) => {
    const theirs = bare(referenceJson('manifests')[name]);
    const file = ours.manifests[name];
    expect({
      config: mapValues(file?.config, bareSchema),
      provides: mapValues(file?.provides, (provision) => ({
        interface: provision.interface,
        config: mapValues(provision.config, bareSchema),
      })),
      requires: mapValues(file?.requires, ({ 'x-rejoin': _, ...requirement }) => ({
        min_connections: 1,
        max_connections: 1,
        ...requirement,
      })),
      enable_external_mqtt: file?.enable_external_mqtt ?? false,
      enable_telemetry: file?.enable_telemetry ?? false,
      enable_global_errors: file?.enable_global_errors ?? false,
    }).toEqual({ ...(theirs as object), path: undefined, used_by: undefined });
  });
});
