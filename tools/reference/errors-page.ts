import { RULES } from '../../packages/csms/src/checks/rules.ts';
import { errorGroups } from './error-table.ts';
import { generatedNote, table } from './markdown.ts';

/** docs/reference/errors.md */
export function errorsPage(): string {
  const groups = errorGroups.flatMap(({ title, text, codes }) => [
    `## ${title}`,
    text,
    table(
      ['Code', 'What it means'],
      Object.keys(codes)
        .sort()
        .map((code) => [`\`${code}\``, [codes[code]?.meaning, codes[code]?.remedy].filter(Boolean).join(' ')]),
    ),
  ]);
  return `${[
    '# Errors',
    generatedNote('tools/reference/error-table.ts'),
    'Every error has a code that stays what it is, and a message that names the module, the key and the value. With `--json`, and in the log, the code stands beside the message.',
    ...groups,
    '## Rules of the bundled CSMS',
    '`chargemesh csms violations` lists where a station broke one of these.',
    table(
      ['Rule', 'What it says'],
      Object.entries(RULES).map(([code, text]) => [`\`${code}\``, text]),
    ),
  ].join('\n\n')}\n`;
}

/** What table and sources disagree on: codes that nobody explains, and explanations that nobody needs. */
export function codeFaults(used: readonly string[]): string[] {
  const explained = errorGroups.flatMap(({ codes }) => Object.keys(codes));
  return [
    ...used
      .filter((code) => !explained.includes(code))
      .map((code) => `${code} has no entry in tools/reference/error-table.ts`),
    ...explained
      .filter((code) => !used.includes(code))
      .map((code) => `${code} is explained, but nothing has this code`),
    ...explained.filter((code, index) => explained.indexOf(code) !== index).map((code) => `${code} is explained twice`),
  ];
}
