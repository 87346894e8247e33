/** Whether a mesh can start with it. */
export type FindingSeverity = 'error' | 'warning';

/** The way from the top of a configuration to a place in it. */
export type ConfigPath = readonly (string | number)[];

/** What is wrong at one place of a configuration, and what would be right there. */
export interface Finding {
  readonly severity: FindingSeverity;
  /** The file, as it was named. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Such as `active_modules.connector_1.connections.bsp[0].module_id`. */
  readonly path: string;
  /** Stable, such as `CONFIG_CONNECTION_MODULE`. */
  readonly code: string;
  /** What is wrong. */
  readonly message: string;
  /** What would be right. */
  readonly remedy: string;
}

/** Writes a path as people read it. */
export function formatPath(path: ConfigPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** One finding as it is shown: `file:line:column: severity: message` and the remedy below it. */
export function formatFinding({ file, line, column, severity, message, remedy, code }: Finding): string {
  return `${file}:${line}:${column}: ${severity}: ${message} [${code}]${remedy === '' ? '' : `\n    ${remedy}`}`;
}

/** In the order in which a reader meets them. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column || a.code.localeCompare(b.code),
  );
}
