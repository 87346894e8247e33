/** A connection as it stands in a file. */
export interface RawConnection {
  readonly module_id: string;
  readonly implementation_id: string;
}

/** A module as it stands in a file whose form was checked. */
export interface RawModule {
  readonly module: string;
  readonly standalone?: boolean;
  readonly capabilities?: readonly string[];
  readonly config_module?: Readonly<Record<string, boolean | number | string>>;
  readonly config_implementation?: Readonly<Record<string, Readonly<Record<string, boolean | number | string>>>>;
  readonly connections?: Readonly<Record<string, readonly RawConnection[]>>;
  readonly mapping?: {
    readonly module?: { readonly evse: number; readonly connector?: number };
    readonly implementations?: Readonly<Record<string, { readonly evse: number; readonly connector?: number }>>;
  };
  readonly telemetry?: { readonly id?: number };
  readonly access?: {
    readonly config?: {
      readonly allow_global_read?: boolean;
      readonly allow_global_write?: boolean;
      readonly allow_set_read_only?: boolean;
      readonly modules?: Readonly<
        Record<
          string,
          { readonly allow_read?: boolean; readonly allow_write?: boolean; readonly allow_set_read_only?: boolean }
        >
      >;
    };
  };
}

/** Settings as they stand in a file. */
export interface RawSettings {
  readonly prefix?: string;
  readonly modules_dir?: string;
  readonly interfaces_dir?: string;
  readonly types_dir?: string;
  readonly errors_dir?: string;
  readonly mqtt_broker_socket_path?: string;
  readonly mqtt_broker_host?: string;
  readonly mqtt_broker_port?: number;
  readonly mqtt_everest_prefix?: string;
  readonly mqtt_external_prefix?: string;
  readonly telemetry_prefix?: string;
  readonly telemetry_enabled?: boolean;
  readonly validate_schema?: boolean;
  readonly forward_exceptions?: boolean;
}

/** A file whose form was checked. */
export interface RawConfiguration {
  readonly settings?: RawSettings;
  readonly active_modules?: Readonly<Record<string, RawModule>>;
}
