import type { ConfigEntry, Manifest } from '../../src/model/manifest.ts';
import { documentation, generatedFile, propertyName, schemaToType } from './schema-to-type.ts';

/** Every manifest as a type: configuration, what is provided and what is required. */
export function emitManifests(manifests: readonly Manifest[]): string {
  const entries = manifests.map((manifest) => {
    const provides = Object.entries(manifest.provides).map(
      ([id, provision]) =>
        `${documentation(provision.description, '      ')}      ${propertyName(id)}: { interface: '${provision.interface}'; config: ${configType(provision.config, '      ')} };\n`,
    );
    const requires = Object.entries(manifest.requires).map(
      ([id, { interface: name, minConnections, maxConnections }]) =>
        `      ${propertyName(id)}: { interface: '${name}'; min: ${minConnections}; max: ${maxConnections} };\n`,
    );
    return `${documentation(manifest.description, '  ')}  ${propertyName(manifest.name)}: {
    config: ${configType(manifest.config, '    ')};
    provides: ${block(provides)};
    requires: ${block(requires)};
  };
`;
  });
  return generatedFile(`
/** Every module of the mesh by its name. A module never sees a missing configuration value, so none is optional. */
export interface Manifests {
${entries.join('')}}

/** The name of a module. */
export type ModuleName = keyof Manifests;
`);
}

function configType(config: Readonly<Record<string, ConfigEntry>>, indent: string): string {
  const lines = Object.entries(config).map(
    ([key, entry]) =>
      `${documentation(entry.description, `${indent}  `)}${indent}  ${propertyName(key)}: ${schemaToType(entry.schema, () => 'never')};\n`,
  );
  return lines.length > 0 ? `{\n${lines.join('')}${indent}}` : '{}';
}

function block(lines: readonly string[]): string {
  return lines.length > 0 ? `{\n${lines.join('')}    }` : '{}';
}
