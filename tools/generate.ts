/**
 * Writes everything that is derived: what packages/contracts/tools/generate.ts writes, the reference pages of the command line, of
 * the errors and of the rules that are kept, and what comes of the table of OCPP keys. Fails where a code of an error is explained nowhere,
 * and where a row of the coverage table is wrong.
 *
 *     pnpm generate [--check]
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { coverageFaults } from './reference/coverage-faults.ts';
import { readCoverage } from './reference/coverage-table.ts';
import { codeFaults } from './reference/errors-page.ts';
import { referencePages } from './reference/pages.ts';
import { usedCodes } from './reference/scan-codes.ts';

const root = resolve(import.meta.dirname, '..');

await import('../packages/contracts/tools/generate.ts');

const faults = [...codeFaults(usedCodes(root)), ...coverageFaults(root, readCoverage(root))];
for (const [path, text] of referencePages()) {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (process.argv.includes('--check')) faults.push(`stale: ${path}: run \`pnpm generate\``);
  else writeFileSync(file, text);
}
for (const fault of faults) process.stderr.write(`${fault}\n`);
if (faults.length > 0) process.exitCode = 1;
