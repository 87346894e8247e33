import type { Manifest } from '@chargemesh/contracts';
import type { ModuleCatalogue } from '../catalogue.ts';
import type { Findings } from '../findings.ts';
import { PROBE_MODULE, probeManifest } from '../probe-manifest.ts';
import type { RawModule } from '../raw-configuration.ts';
import { nearest } from '../suggest.ts';

/** Who starts which module, beside what the configuration says. */
export interface ModuleSelection {
  /** Ids that somebody else starts; `all` stands for every module. */
  readonly standalone: readonly string[];
  /** Ids that are neither started nor waited for. */
  readonly ignore: readonly string[];
}

/**
 * Finds modules that cannot be started here, once for each kind of module, and names that the selection does not know.
 * @returns the manifests by module id
 */
export function checkModules(
  findings: Findings,
  modules: Readonly<Record<string, RawModule>>,
  catalogue: ModuleCatalogue,
  selection: ModuleSelection,
): Map<string, Manifest | undefined> {
  const manifests = new Map<string, Manifest | undefined>();
  for (const [id, { module }] of Object.entries(modules))
    if (module !== PROBE_MODULE) manifests.set(id, catalogue.contracts.findManifest(module));
  const probes = Object.entries(modules).filter(([, { module }]) => module === PROBE_MODULE);
  for (const [index, [id]] of probes.entries()) {
    manifests.set(id, probeManifest(id, modules, manifests));
    if (index > 0) reportSecondProbe(findings, id, probes[0]?.[0] ?? '');
  }
  reportUnavailable(findings, modules, manifests, catalogue, selection);
  return manifests;
}

function reportUnavailable(
  findings: Findings,
  modules: Readonly<Record<string, RawModule>>,
  manifests: ReadonlyMap<string, Manifest | undefined>,
  catalogue: ModuleCatalogue,
  { standalone, ignore }: ModuleSelection,
): void {
  const missing = new Map<string, string[]>();
  for (const [id, { module, standalone: apart = false }] of Object.entries(modules)) {
    const startedHere = module !== PROBE_MODULE && !apart && !standalone.includes(id) && !ignore.includes(id);
    const available = manifests.get(id) !== undefined && (!startedHere || catalogue.hasImplementation(module));
    // A name that cannot be one is no second fault.
    if (!available && !findings.touches(['active_modules', id, 'module']))
      missing.set(module, [...(missing.get(module) ?? []), id]);
  }
  const known = catalogue.contracts.moduleNames;
  for (const [module, ids] of missing) {
    const [first = ''] = ids;
    const meant = known.includes(module) ? undefined : nearest(module, known, 2);
    findings.report({
      code: 'CONFIG_MODULE_UNAVAILABLE',
      path: ['active_modules', first, 'module'],
      message: `there is no module ${module} here (${ids.join(', ')})`,
      remedy:
        meant === undefined
          ? 'take it out of the configuration with the connections to it, or bring it along with --modules DIR'
          : `did you mean "${meant}"?`,
    });
  }
}

function reportSecondProbe(findings: Findings, id: string, first: string): void {
  findings.report({
    code: 'CONFIG_PROBE',
    path: ['active_modules', id, 'module'],
    message: `there is more than one ${PROBE_MODULE}`,
    remedy: `connect to ${first} instead`,
  });
}
