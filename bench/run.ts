/**
 * Runs a benchmark and prints its table: what, ours, the raw thing, ratio, machine.
 *
 *     pnpm bench bus            pnpm bench start --json
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BenchResult, machine, ratioOf, renderTable } from './table.ts';

const helpers = new Set(['run', 'table']);
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => basename(file, '.bench.ts'))
  .filter((name) => !helpers.has(name));
const [name = '', ...flags] = process.argv.slice(2).filter((word) => word !== '--');
const file = join(import.meta.dirname, `${name}.bench.ts`);
if (!existsSync(file)) {
  process.stderr.write(`usage: pnpm bench NAME [--json], with NAME one of: ${names.join(', ')}\n`);
  process.exitCode = 2;
} else {
  const { run } = (await import(file)) as { run: () => Promise<BenchResult> };
  const result = await run();
  const json = { machine: machine(), ...result, rows: result.rows.map((row) => ({ ...row, ratio: ratioOf(row) })) };
  process.stdout.write(`${flags.includes('--json') ? JSON.stringify(json, null, 2) : renderTable(result)}\n`);
}
