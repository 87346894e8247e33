import { relative } from 'node:path';
import { canStart, type Finding, formatFinding, prepareMesh } from '@chargemesh/manager';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import { ocppFindings } from '../support/ocpp-findings.ts';
import { print, printJson } from '../support/output.ts';
import { configPath } from '../support/paths.ts';

/** The flags of `check`. */
export interface CheckOptions {
  readonly modules?: readonly string[];
  readonly json?: boolean;
}

/** Says everything that is wrong with a configuration, without starting it. */
export async function check(named: string | undefined, options: CheckOptions): Promise<ExitCode> {
  const file = configPath(named);
  const prepared = prepareMesh({
    configFile: file,
    environment: process.env,
    ...(options.modules && { moduleFolders: options.modules }),
  });
  const { findings, configuration } = prepared;
  const all: readonly Finding[] = [...findings, ...ocppFindings(prepared)].map((finding) => ({
    ...finding,
    file: shortPath(finding.file),
  }));
  if (options.json) printJson(all);
  else {
    for (const finding of all) print(formatFinding(finding));
    print(summary(shortPath(file), all, configuration?.modules.length ?? 0));
  }
  return canStart(all) ? EXIT.ok : EXIT.configuration;
}

function summary(file: string, findings: readonly Finding[], modules: number): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
  if (errors > 0) return `${file}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
  return `${file}: ${modules} modules, ready to run${warnings > 0 ? ` (${counted(warnings, 'warning')})` : ''}`;
}

function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
