import { CustomKeys } from './custom-keys.ts';
import type { Finding } from './finding.ts';
import { withFittingProfile } from './fitting-profile.ts';
import { Layers } from './layers.ts';
import { findFaults } from './rules.ts';

/** What {@link checkOcppConfiguration} looks at. */
export interface OcppConfigurationFiles {
  readonly baseFile: string;
  readonly userFile?: string;
  /** This run's flags, by key. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /** The schema of the section Custom. Default: Custom.json beside the base file. */
  readonly customSchemaFile?: string;
  /** How many connectors there will be, where that is known. */
  readonly connectors?: number;
}

/**
 * Everything that can be said of an OCPP configuration without starting a station: errors, with which none would start, and warnings.
 * Writes nothing.
 */
export function checkOcppConfiguration(files: OcppConfigurationFiles): readonly Finding[] {
  const { overrides = {}, customSchemaFile, connectors, ...paths } = files;
  const flags = withFittingProfile(overrides, new Layers(paths).merged);
  const layers = new Layers({ ...paths, overrides: flags });
  return findFaults({ layers, connectors, custom: CustomKeys.beside(paths.baseFile, customSchemaFile) });
}
