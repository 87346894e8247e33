import type { JsonSchema } from '../model/json-schema.ts';
import type { Again, Rejoin } from '../model/manifest.ts';

/** A command as it stands in an interface file. */
export interface CommandFile {
  readonly description?: string;
  readonly 'x-deadline-s'?: number;
  readonly arguments?: Readonly<Record<string, JsonSchema>>;
  readonly result?: JsonSchema;
}

/** `interfaces/<name>.yaml` */
export interface InterfaceFile {
  readonly description: string;
  readonly cmds?: Readonly<Record<string, CommandFile>>;
  readonly vars?: Readonly<Record<string, JsonSchema>>;
  readonly errors?: readonly { readonly reference: string }[];
}

/** `types/<file>.yaml` */
export interface TypesFile {
  readonly description: string;
  readonly types: Readonly<Record<string, JsonSchema>>;
}

/** `errors/<namespace>.yaml` */
export interface ErrorsFile {
  readonly description: string;
  readonly errors: readonly { readonly name: string; readonly description: string }[];
}

/** A configuration entry as it stands in a manifest. */
export interface ConfigEntryFile extends JsonSchema {
  readonly mutability?: 'ReadOnly' | 'ReadWrite' | 'WriteOnly';
}

/** `manifests/<Module>.yaml`, or a third-party module's `manifest.yaml` */
export interface ManifestFile {
  readonly description: string;
  readonly 'x-rejoin'?: Rejoin;
  readonly config?: Readonly<Record<string, ConfigEntryFile>>;
  readonly provides?: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly interface: string;
        readonly 'x-again'?: Readonly<Record<string, Again>>;
        readonly config?: Readonly<Record<string, ConfigEntryFile>>;
      }
    >
  >;
  readonly requires?: Readonly<
    Record<
      string,
      {
        readonly interface: string;
        readonly 'x-rejoin'?: string;
        readonly min_connections?: number;
        readonly max_connections?: number;
        readonly ignore?: { readonly vars?: string | readonly string[]; readonly errors?: boolean };
      }
    >
  >;
  readonly enable_external_mqtt?: boolean;
  readonly enable_telemetry?: boolean;
  readonly enable_global_errors?: boolean;
  readonly metadata: Readonly<Record<string, unknown>> & {
    readonly license: string;
    readonly authors: readonly string[];
  };
}

/** The parsed contract files of one or several folders, by name. */
export interface ContractFiles {
  readonly interfaces: Record<string, InterfaceFile>;
  readonly types: Record<string, TypesFile>;
  readonly errors: Record<string, ErrorsFile>;
  readonly manifests: Record<string, ManifestFile>;
}
