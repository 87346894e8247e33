/** One fault of a configuration, or a thing to think about. */
export interface Finding {
  /** With an error, the station does not start. */
  readonly severity: 'error' | 'warning';
  /** The file, as it was named; `command line` for this run's flags. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Such as `Core.HeartbeatInterval`. */
  readonly path: string;
  /** Stable, such as `OCPP_CONFIG_RANGE`. */
  readonly code: FindingCode;
  /** What is wrong. */
  readonly message: string;
  /** What would be right; empty where nothing can be said. */
  readonly remedy: string;
}

/** What can be wrong. */
export type FindingCode =
  | 'OCPP_CONFIG_FILE'
  | 'OCPP_CONFIG_SYNTAX'
  | 'OCPP_CONFIG_REPEATED'
  | 'OCPP_CONFIG_SECTION'
  | 'OCPP_CONFIG_KEY'
  | 'OCPP_CONFIG_MISSING'
  | 'OCPP_CONFIG_TYPE'
  | 'OCPP_CONFIG_RANGE'
  | 'OCPP_CONFIG_LENGTH'
  | 'OCPP_CONFIG_TEXT'
  | 'OCPP_CONFIG_CUSTOM'
  | 'OCPP_CONFIG_TOGETHER';

/** As a person reads it: place, what is wrong, and below it what would be right. */
export function formatFinding({ file, line, column, severity, path, message, remedy, code }: Finding): string {
  const what = path === '' ? message : `${path} ${message}`;
  return `${file}:${line}:${column}: ${severity}: ${what} [${code}]${remedy === '' ? '' : `\n    ${remedy}`}`;
}
