/**
 * Writes everything that is derived: what packages/contracts/tools/generate.ts writes, the reference pages of the command line and of
 * the errors, and what comes of the table of OCPP keys. Fails where a code of an error is explained nowhere.
 *
 *     pnpm generate [--check | --validators]
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

await import('../packages/contracts/tools/generate.ts');

// The validators are built before anything that needs them can be imported.
if (!process.argv.includes('--validators')) {
  const { codeFaults } = await import('./reference/errors-page.ts');
  const { referencePages } = await import('./reference/pages.ts');
  const { usedCodes } = await import('./reference/scan-codes.ts');
  const faults = codeFaults(usedCodes(root));
  for (const [path, text] of referencePages()) {
    const file = join(root, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    if (process.argv.includes('--check')) faults.push(`stale: ${path}: run \`pnpm generate\``);
    else writeFileSync(file, text);
  }
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  if (faults.length > 0) process.exitCode = 1;
}
