import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyNames } from '../../packages/ocpp-core/src/configuration/keys.ts';
import type { CoverageRow, CoverageSection, CoveringTest } from './coverage-table.ts';

/** The page that says where we differ on purpose. */
export const deviationsPage = 'docs/explanation/deviations.md';

const LONGEST_RULE = 220;

/** What is wrong with the coverage table: rows without proof, tests and deviations that are not there, ids that stand twice or nowhere. */
export function coverageFaults(root: string, sections: readonly CoverageSection[]): string[] {
  const deviations = readFileSync(join(root, deviationsPage), 'utf8');
  const files = new Map<string, string | undefined>();
  const textOf = (file: string): string | undefined => {
    if (!files.has(file)) {
      const path = join(root, file);
      files.set(file, existsSync(path) ? readFileSync(path, 'utf8') : undefined);
    }
    return files.get(file);
  };
  const rows = sections.flatMap((section) => section.rows.map((row) => ({ file: section.file, row })));
  const ids = rows.map(({ row }) => row.id);
  return [
    ...sections.flatMap(({ faults }) => faults),
    ...rows.flatMap(({ file, row }) => [
      ...rowFaults(row, deviations).map((fault) => `${file}: ${row.id}: ${fault}`),
      ...row.tests
        .flatMap((test) => testFaults(test, textOf(test.file)))
        .map((fault) => `${file}: ${row.id}: ${fault}`),
    ]),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} has two rows`),
    ...(sections.some(({ file }) => file === 'b.yaml')
      ? keyNames.filter((name) => !ids.includes(name)).map((name) => `b.yaml: the key ${name} has no row`)
      : []),
  ];
}

function rowFaults({ rule, tests, deviation, later }: CoverageRow, deviations: string): string[] {
  const faults = [];
  if (rule === '') faults.push('says no rule');
  if (rule.length > LONGEST_RULE) faults.push(`the rule is longer than ${LONGEST_RULE} characters`);
  if (tests.length === 0 && deviation === undefined && later === undefined)
    faults.push('has no test, deviation or topic');
  if (deviation !== undefined && headingAbove(deviations, deviation) === undefined)
    faults.push(`"${deviation}" does not stand below a heading of ${deviationsPage}`);
  return faults;
}

function testFaults({ file, name }: CoveringTest, text: string | undefined): string[] {
  if (text === undefined) return [`there is no ${file}`];
  return standsIn(text, name, file.endsWith('.yaml')) ? [] : [`${file} has no test "${name}"`];
}

/** Whether a file has a test of this name: between quotes, or as the name of a scenario. */
function standsIn(text: string, name: string, scenario: boolean): boolean {
  if (scenario && text.split('\n').some((line) => /^name:\s*(['"]?)(.*?)\1\s*$/.exec(line)?.[2] === name)) return true;
  return ["'", '"', '`'].some((quote) => text.includes(`${quote}${name.replaceAll(quote, `\\${quote}`)}${quote}`));
}

/** The heading that words of a page in Markdown stand below. */
export function headingAbove(page: string, words: string): string | undefined {
  const at = page.indexOf(words);
  if (at < 0) return undefined;
  return [...page.slice(0, at + words.length).matchAll(/^#{2,} +(.+)$/gm)].at(-1)?.[1];
}
