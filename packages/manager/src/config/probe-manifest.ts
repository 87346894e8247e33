import type { Manifest, Provision, Requirement } from '@chargemesh/contracts';
import type { RawModule } from './raw-configuration.ts';

/** A module that a test harness plays. It has no manifest: what it provides and requires follows from the connections. */
export const PROBE_MODULE = 'ProbeModule';

/**
 * The manifest of a probe module: it provides what others are connected to, and requires what it is connected to (bus.md 2.4).
 * @param manifests those of the other modules, by id
 */
export function probeManifest(
  probeId: string,
  modules: Readonly<Record<string, RawModule>>,
  manifests: ReadonlyMap<string, Manifest | undefined>,
): Manifest {
  const provides: Record<string, Provision> = {};
  for (const [id, { connections = {} }] of Object.entries(modules))
    for (const [requirement, list] of Object.entries(connections))
      for (const { module_id, implementation_id } of list) {
        const interfaceName = manifests.get(id)?.requires[requirement]?.interface;
        if (module_id === probeId && interfaceName !== undefined)
          provides[implementation_id] = { description: 'played by a test', interface: interfaceName, config: {} };
      }
  const requires: Record<string, Requirement> = {};
  for (const [requirement, list] of Object.entries(modules[probeId]?.connections ?? {})) {
    const [first] = list;
    const interfaceName = first && manifests.get(first.module_id)?.provides[first.implementation_id]?.interface;
    if (interfaceName !== undefined)
      requires[requirement] = {
        interface: interfaceName,
        minConnections: list.length,
        maxConnections: list.length,
        ignore: { vars: [], errors: false },
      };
  }
  return {
    name: 'ProbeModule',
    description: 'played by a test',
    config: {},
    provides,
    requires,
    enableExternalMqtt: true,
    enableTelemetry: false,
    enableGlobalErrors: false,
    metadata: { license: 'https://opensource.org/licenses/Apache-2.0', authors: ['Chargemesh'] },
  };
}
