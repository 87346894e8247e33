import type { ConfigEntry, Manifest, Requirement } from '../../../src/model/manifest.ts';
import { code, page, table, typeText } from './markdown.ts';

/** docs/reference/modules.md */
export function modulesPage(manifests: readonly Manifest[]): string {
  const introduction = `What each module offers, needs and can be configured with. A key without a default has to be given.
Keys of a module stand below \`config_module\` in a configuration, those of an implementation below \`config_implementation.<id>\`.`;
  return page('Modules', introduction, manifests.map(section));
}

function section(manifest: Manifest): string {
  const provides = Object.entries(manifest.provides).map(([id, provision]) => [
    code(id),
    interfaceLink(provision.interface),
    provision.description,
  ]);
  const requires = Object.entries(manifest.requires).map(([id, requirement]) => [
    code(id),
    interfaceLink(requirement.interface),
    connections(requirement),
  ]);
  const configs = Object.entries(manifest.provides)
    .filter(([, provision]) => Object.keys(provision.config).length > 0)
    .map(([id, provision]) => `Configuration of ${code(id)}:\n\n${configTable(provision.config)}`);
  return `## ${manifest.name}

${manifest.description}

${table(['provides', 'interface', 'is'], provides)}${table(['requires', 'interface', 'connections'], requires)}${configTable(manifest.config)}${configs.join('')}`;
}

function configTable(config: Readonly<Record<string, ConfigEntry>>): string {
  const rows = Object.entries(config).map(([key, entry]) => [
    code(key),
    entry.description,
    typeText(entry.schema),
    entry.default === undefined ? '' : code(JSON.stringify(entry.default)),
  ]);
  return table(['key', 'means', 'type', 'default'], rows);
}

function connections({ minConnections, maxConnections }: Requirement): string {
  return minConnections === maxConnections ? String(minConnections) : `${minConnections} to ${maxConnections}`;
}

function interfaceLink(name: string): string {
  return `[${name}](interfaces.md#${name.toLowerCase()})`;
}
