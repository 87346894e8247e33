import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolder } from '@chargemesh/contracts';
import { expect, test } from '@jest/globals';
import { createProgram, EXIT, EXIT_MEANINGS } from '../src/index.ts';
import { cliReference } from '../tools/cli-reference.ts';

test('docs/reference/cli.md is what the definitions of the commands say', () => {
  const page = readFileSync(join(repositoryFolder, 'docs', 'reference', 'cli.md'), 'utf8');
  // node --conditions=development packages/cli/tools/write-reference.ts
  expect(page).toBe(cliReference());
});

test('the page has a section for each command, with its example', () => {
  const page = cliReference();
  const sections = page.split('\n## ').slice(2);
  const names = createProgram(async () => {}).commands.map((command) => command.name());
  for (const name of names) expect(page).toMatch(new RegExp(`^## chargemesh ${name}\\b`, 'm'));
  for (const section of sections) expect(section).toMatch(/```sh\nchargemesh .*# .+\n```/);
});

test('every exit code has a meaning on the page', () => {
  const page = cliReference();
  for (const [name, code] of Object.entries(EXIT))
    expect(page).toContain(`| ${code} | ${EXIT_MEANINGS[name as keyof typeof EXIT]} |`);
});
