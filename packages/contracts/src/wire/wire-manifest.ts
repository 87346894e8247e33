import type { ConfigEntryFile, ManifestFile } from '../load/contract-files.ts';
import { mapValues } from './wire-schema.ts';

/** A manifest as the manager distributes it: every default filled in, the module's own `config` left out. */
export interface WireManifest {
  readonly description: string;
  readonly metadata: ManifestFile['metadata'];
  readonly provides: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly interface: string;
        readonly config: Readonly<Record<string, ConfigEntryFile>>;
      }
    >
  >;
  readonly requires: Readonly<
    Record<string, { readonly interface: string; readonly min_connections: number; readonly max_connections: number }>
  >;
  readonly enable_external_mqtt: boolean;
  readonly enable_telemetry: boolean;
  readonly enable_global_errors: boolean;
}

/**
 * The payload of `manifests/<Module>`.
 * @see reference bus.md 1.4, no. 7
 */
export function wireManifest(file: ManifestFile): WireManifest {
  return {
    description: file.description,
    metadata: file.metadata,
    provides: mapValues(file.provides ?? {}, ({ 'x-again': _again, ...provision }) => ({
      ...provision,
      config: mapValues(provision.config ?? {}, (entry) => ({ mutability: 'ReadOnly' as const, ...entry })),
    })),
    requires: mapValues(file.requires ?? {}, ({ 'x-rejoin': _rejoin, ...requirement }) => ({
      ...requirement,
      min_connections: requirement.min_connections ?? 1,
      max_connections: requirement.max_connections ?? 1,
    })),
    enable_external_mqtt: file.enable_external_mqtt ?? false,
    enable_telemetry: file.enable_telemetry ?? false,
    enable_global_errors: file.enable_global_errors ?? false,
  };
}
