import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { deviationsPage, headingAbove } from './coverage-faults.ts';
import { type CoverageRow, type CoverageSection, readCoverage } from './coverage-table.ts';
import { coverageTopics } from './coverage-topics.ts';
import { generatedNote, table } from './markdown.ts';

/** docs/reference/coverage.md */
export function coveragePage(root: string): string {
  const deviations = readFileSync(join(root, deviationsPage), 'utf8');
  const sections = readCoverage(root);
  return `${[
    '# Coverage',
    generatedNote('tools/reference/coverage/*.yaml'),
    'Every rule that this station keeps, and the tests that turn red when its code is inverted; or where and why we differ; or the topic that it waits for.',
    table(['Section', 'Rules', 'Tested', 'We differ', 'Later'], sections.map(counts)),
    'Topics:',
    Object.entries(coverageTopics)
      .map(([topic, about]) => `- **${topic}**: ${about}`)
      .join('\n'),
    ...sections.flatMap((section) => [
      `## ${section.title}`,
      table(
        ['Id', 'Rule', 'Held by'],
        section.rows.map((row) => [row.id, row.rule, proof(row, deviations)]),
      ),
    ]),
  ].join('\n\n')}\n`;
}

function counts({ title, rows }: CoverageSection): string[] {
  const number = (has: (row: CoverageRow) => boolean): string => String(rows.filter(has).length);
  return [
    title,
    String(rows.length),
    number(({ tests }) => tests.length > 0),
    number(({ deviation }) => deviation !== undefined),
    number(({ later }) => later !== undefined),
  ];
}

function proof({ tests, deviation, later }: CoverageRow, deviations: string): string {
  const files = Map.groupBy(tests, ({ file }) => file);
  return [
    ...[...files].map(
      ([file, named]) =>
        `[${posix.basename(file)}](../../${file}): ${named.map(({ name }) => literal(name)).join('; ')}`,
    ),
    ...(deviation === undefined
      ? []
      : [
          `we differ: [${literal(deviation)}](../explanation/deviations.md#${anchor(headingAbove(deviations, deviation) ?? '')})`,
        ]),
    ...(later === undefined ? [] : [`later: ${later}`]),
  ].join('<br>');
}

/** The anchor of a heading as GitHub makes it. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** A text that is to stand as it is. */
function literal(text: string): string {
  return text.replaceAll(/[\\`*_<>[\]$]/g, String.raw`\$&`);
}
