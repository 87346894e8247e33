import type { Manifest } from '@chargemesh/contracts';
import { requirementName, resolveConnections } from '../aliases.ts';
import type { ManifestById } from '../catalogue.ts';
import type { ConfigPath } from '../finding.ts';
import type { Findings } from '../findings.ts';
import type { RawConnection, RawModule } from '../raw-configuration.ts';
import { suggest } from '../suggest.ts';

/** Finds connections that lead nowhere or to the wrong interface, and requirements with too few or too many of them (bus.md 3.3). */
export function checkConnections(
  findings: Findings,
  modules: Readonly<Record<string, RawModule>>,
  manifests: ManifestById,
): void {
  for (const [id, raw] of Object.entries(modules)) {
    const { module, connections = {} } = raw;
    const manifest = manifests.get(id);
    if (!manifest) continue;
    const path = ['active_modules', id, 'connections'];
    for (const [requirement, list] of Object.entries(connections)) {
      const interfaceName = manifest.requires[requirementName(module, requirement)]?.interface;
      if (interfaceName === undefined)
        findings.report({
          code: 'CONFIG_REQUIREMENT_UNKNOWN',
          path: [...path, requirement],
          at: 'key',
          message: `${module} has no requirement "${requirement}"`,
          remedy: suggest(requirement, Object.keys(manifest.requires)),
        });
      else
        for (const [index, connection] of list.entries())
          checkConnection(findings, connection, interfaceName, [...path, requirement, index], manifests);
    }
    checkCounts(findings, id, module, manifest, resolveConnections(raw));
  }
}

function checkConnection(
  findings: Findings,
  { module_id, implementation_id }: RawConnection,
  interfaceName: string,
  path: ConfigPath,
  manifests: ManifestById,
): void {
  if (!manifests.has(module_id)) {
    // A module whose own entry is broken is no second fault.
    if (findings.touches(['active_modules', module_id])) return;
    findings.report({
      code: 'CONFIG_CONNECTION_MODULE',
      path: [...path, 'module_id'],
      message: `there is no module with the id "${module_id}"`,
      remedy: suggest(module_id, [...manifests.keys()]),
    });
    return;
  }
  const peer = manifests.get(module_id);
  if (!peer) return;
  const provision = Object.hasOwn(peer.provides, implementation_id) ? peer.provides[implementation_id] : undefined;
  if (!provision)
    findings.report({
      code: 'CONFIG_CONNECTION_IMPLEMENTATION',
      path: [...path, 'implementation_id'],
      message: `${module_id} (${peer.name}) does not provide an implementation "${implementation_id}"`,
      remedy: suggest(implementation_id, matching(peer, interfaceName)),
    });
  else if (provision.interface !== interfaceName)
    findings.report({
      code: 'CONFIG_CONNECTION_INTERFACE',
      path: [...path, 'implementation_id'],
      message: `${module_id}.${implementation_id} is of interface ${provision.interface}, but ${interfaceName} is needed here`,
      remedy: offers(interfaceName, manifests),
    });
}

function checkCounts(
  findings: Findings,
  id: string,
  module: string,
  manifest: Manifest,
  connections: Readonly<Record<string, readonly RawConnection[]>>,
): void {
  for (const [requirement, { minConnections, maxConnections, interface: interfaceName }] of Object.entries(
    manifest.requires,
  )) {
    const count = connections[requirement]?.length ?? 0;
    const path = ['active_modules', id, 'connections', requirement];
    if ((count >= minConnections && count <= maxConnections) || findings.touches(path)) continue;
    if (count === 0)
      findings.report({
        code: 'CONFIG_REQUIREMENT_UNCONNECTED',
        path,
        at: 'key',
        message: `${module} needs ${requirement}, which is not connected`,
        remedy: `connect it to an implementation of ${interfaceName}`,
      });
    else
      findings.report({
        code: 'CONFIG_CONNECTION_COUNT',
        path,
        at: 'key',
        message: `${requirement} of ${module} has ${count} connections`,
        remedy: `it takes ${minConnections === maxConnections ? minConnections : `${minConnections} to ${maxConnections}`}`,
      });
  }
}

/** The implementations of a module that would fit; all, where none does. */
function matching(peer: Manifest, interfaceName: string): string[] {
  const fitting = Object.entries(peer.provides).filter(([, provision]) => provision.interface === interfaceName);
  return (fitting.length > 0 ? fitting : Object.entries(peer.provides)).map(([id]) => id);
}

/** Who in this configuration provides the interface. */
function offers(interfaceName: string, manifests: ManifestById): string {
  const found = [...manifests].flatMap(([id, manifest]) =>
    Object.entries(manifest?.provides ?? {})
      .filter(([, provision]) => provision.interface === interfaceName)
      .map(([implementation]) => `${id}.${implementation}`),
  );
  return found.length === 0
    ? 'no module of this configuration provides it'
    : `it is provided by ${found.slice(0, 6).join(', ')}`;
}
