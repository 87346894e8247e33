import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';

jest.setTimeout(240_000);

const root = resolve(import.meta.dirname, '../..');
let out: string;

beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'chaos-'));
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** In a process of its own: what is rejected unheard there would be a failure of the test here, also where a dead module did it. */
function chaos(...words: string[]): Promise<{ readonly code: number; readonly said: string }> {
  const { promise, resolve: done } = Promise.withResolvers<{ code: number; said: string }>();
  const args = ['--conditions=development', join(root, 'tools/chaos.ts'), '--out', out, ...words];
  const child = execFile(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 }, (_error, said) =>
    done({ code: child.exitCode ?? -1, said }),
  );
  return promise;
}

test('sessions among faults in virtual time: nothing is lost, and every window is struck', async () => {
  const { code, said } = await chaos('--virtual', '--seed', '1', '--runs', '24');
  expect(said).not.toMatch(/FAILED|MISSING/);
  expect(said).toMatch(/^0 runs with violations$/m);
  expect(code).toBe(0);
});

test('a seed is played again to the byte', async () => {
  const one = ['--virtual', '--seed', '6', '--runs', '1'];
  const [first, second] = [await chaos(...one), await chaos(...one)];
  expect(first.said.split('\n').filter((line) => line.includes('"dir"')).length).toBeGreaterThan(20);
  expect(second.said).toBe(first.said);
});

test('sessions among faults with real processes', async () => {
  const { code, said } = await chaos('--real', '--layout', 'one', '--seed', '1', '--runs', '1');
  expect(said).toMatch(/^0 runs with violations$/m);
  expect(code).toBe(0);
});
