/**
 * Holds the arrows between packages: base ← contracts ← framework ← modules ← manager ← cli, and the station library on base alone.
 * No module imports another module: they meet on the bus.
 *
 *     pnpm architecture         prints each import that breaks the rules and exits 1
 */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative, resolve, sep } from 'node:path';

const root = resolve(import.meta.dirname, '..');

const module: readonly string[] = ['base', 'contracts', 'framework'];

/** What each package's sources may import of the others. A package that is not listed here is refused. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  base: [],
  contracts: ['base'],
  framework: ['base', 'contracts'],
  'ocpp-core': ['base'],
  ocpp: [...module, 'ocpp-core'],
  'evse-manager': module,
  api: module,
  auth: module,
  'energy-manager': module,
  'energy-node': module,
  security: module,
  system: module,
  simulator: module,
  'station-services': module,
  csms: ['base', 'ocpp-core'],
  manager: [
    ...module,
    'ocpp',
    'ocpp-core',
    'evse-manager',
    'api',
    'auth',
    'energy-manager',
    'energy-node',
    'security',
    'system',
    'simulator',
    'station-services',
  ],
  scenarios: [...module, 'manager', 'csms', 'ocpp', 'ocpp-core'],
  cli: [...module, 'manager', 'csms', 'ocpp-core', 'scenarios', 'simulator'],
  testkit: module,
};

/** Tests may reach for the testkit beside what their package may import. */
const allowedInTests = ['testkit', 'framework', 'contracts', 'base'];

/** Native add-ons stay out of every package but the one that drives hardware. */
const refusedDependencies = /^(socketcan|node-libgpiod|modbus-serial)$/;

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s+['"]([^'"]+)['"]/g;

function* sourceFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(path);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}

function exists(folder: string): boolean {
  try {
    return readdirSync(folder).length >= 0;
  } catch {
    return false;
  }
}

function faultOf(name: string, file: string, specifier: string, inTest: boolean): string | undefined {
  const home = join(root, 'packages', name) + sep;
  if (specifier.startsWith('.')) {
    const target = resolve(file, '..', specifier);
    return target.startsWith(home) ? undefined : `reaches out of its package: ${specifier}`;
  }
  if (specifier.startsWith('node:')) return undefined;
  if (builtinModules.includes(specifier)) return `write node:${specifier}`;
  const other = /^@chargemesh\/([^/]+)/.exec(specifier)?.[1];
  if (other === undefined)
    return refusedDependencies.test(specifier) ? `${specifier} belongs to the hardware driver alone` : undefined;
  if (other === name) return inTest ? undefined : `imports itself by name: ${specifier}`;
  const may = inTest ? [...(allowed[name] ?? []), ...allowedInTests] : allowed[name];
  return may?.includes(other) ? undefined : `${name} must not import ${other}`;
}

const faults: string[] = [];
for (const name of readdirSync(join(root, 'packages'))) {
  if (!(name in allowed)) faults.push(`packages/${name}: give it a place in tools/architecture.ts`);
  for (const part of ['src', 'test']) {
    const folder = join(root, 'packages', name, part);
    if (!exists(folder)) continue;
    for (const file of sourceFiles(folder))
      for (const [, from, dynamic, bare] of readFileSync(file, 'utf8').matchAll(importPattern)) {
        const fault = faultOf(name, file, from ?? dynamic ?? bare ?? '', part === 'test');
        if (fault) faults.push(`${relative(root, file)}: ${fault}`);
      }
  }
}
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.stdout.write(
  faults.length === 0 ? 'architecture: all arrows hold\n' : `architecture: ${faults.length} broken\n`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
