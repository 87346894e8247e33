import type { ManifestById } from '../catalogue.ts';
import type { Findings } from '../findings.ts';
import type { RawModule } from '../raw-configuration.ts';
import { suggest } from '../suggest.ts';

/** Finds mappings of implementations that do not exist, and those that speak against the module's own. Nothing of it is fatal. */
export function checkMappings(
  findings: Findings,
  modules: Readonly<Record<string, RawModule>>,
  manifests: ManifestById,
): void {
  for (const [id, { module, mapping }] of Object.entries(modules)) {
    const manifest = manifests.get(id);
    if (!manifest || !mapping?.implementations) continue;
    for (const [implementation, place] of Object.entries(mapping.implementations)) {
      const path = ['active_modules', id, 'mapping', 'implementations', implementation];
      if (!Object.hasOwn(manifest.provides, implementation))
        findings.report({
          code: 'CONFIG_MAPPING_IMPLEMENTATION',
          severity: 'warning',
          path,
          at: 'key',
          message: `${module} provides no implementation "${implementation}": its mapping is ignored`,
          remedy: suggest(implementation, Object.keys(manifest.provides)),
        });
      else if (mapping.module && mapping.module.evse !== place.evse)
        findings.report({
          code: 'CONFIG_MAPPING_MISMATCH',
          severity: 'warning',
          path: [...path, 'evse'],
          message: `${id}.${implementation} stands at EVSE ${place.evse}, but ${id} at EVSE ${mapping.module.evse}`,
          remedy: 'the mapping of the implementation is taken; leave one of them out where it is not meant',
        });
    }
  }
}
