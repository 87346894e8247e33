import { type ConfigPath, type Finding, type FindingSeverity, formatPath, sortFindings } from './finding.ts';
import type { Sources } from './sources.ts';
import type { Part } from './yaml-file.ts';

/** What a rule says of one place. */
export interface Report {
  readonly code: string;
  readonly path: ConfigPath;
  readonly message: string;
  readonly remedy: string;
  /** Default: `value`. */
  readonly at?: Part;
  /** Default: `error`. */
  readonly severity?: FindingSeverity;
}

/** Collects what the rules find in one configuration. All of it: a person mends a file once, not fault by fault. */
export class Findings {
  readonly #sources: Sources;
  readonly #list: Finding[] = [];

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  report({ code, path, message, remedy, at = 'value', severity = 'error' }: Report): void {
    this.add({ severity, ...this.#sources.locate(path, at), path: formatPath(path), code, message, remedy });
  }

  add(finding: Finding): void {
    this.#list.push(finding);
  }

  /** Whether something was found at this place or below it: what follows from it need not be said. */
  touches(path: ConfigPath): boolean {
    const prefix = formatPath(path);
    return this.#list.some(
      ({ path: found }) => found === prefix || found.startsWith(`${prefix}.`) || found.startsWith(`${prefix}[`),
    );
  }

  /** How many keep a mesh from starting. */
  get errorCount(): number {
    return this.#list.filter(({ severity }) => severity === 'error').length;
  }

  sorted(): Finding[] {
    return sortFindings(this.#list);
  }
}
