import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { coverageFaults } from '../../tools/reference/coverage-faults.ts';
import { missingIds, missingLines, referenceIds } from '../../tools/reference/coverage-reference.ts';
import { coverageFiles, parseCoverage, readCoverage } from '../../tools/reference/coverage-table.ts';

const root = resolve(import.meta.dirname, '../..');
const reference = join(root, '../shared/reference');
const whereReference = existsSync(reference) ? describe : describe.skip;
const sections = readCoverage(root);

test('every row has a test that exists, a deviation that is explained, or a topic', () => {
  expect(coverageFaults(root, sections)).toEqual([]);
});

test('every section is there', () => {
  expect(sections.map(({ file }) => file)).toEqual(coverageFiles);
});

whereReference('beside the reference', () => {
  const ids = existsSync(reference) ? referenceIds(readFileSync(join(reference, 'ocpp16.md'), 'utf8')) : [];

  test('no rule is missing', () => {
    expect(ids.length).toBeGreaterThan(400);
    expect(ids).toEqual(
      expect.arrayContaining(['A-20', 'F-41b', 'HeartbeatInterval', 'LogRotationMaximumFileCount', 'IMSI']),
    );
    expect(missingIds(sections, ids)).toEqual([]);
  });

  test('nothing that the document of the module asks for is missing', () => {
    const document = readFileSync(join(reference, 'ocpp-module.rst'), 'utf8');
    expect(
      sections.filter(({ file }) => file === 'rst.yaml').map((section) => missingLines(section, document)),
    ).toEqual([[]]);
  });
});

describe('what is wrong is found', () => {
  const faultsOf = (yaml: string): string[] => coverageFaults(root, [parseCoverage('a.yaml', yaml)]);

  test.each([
    ['a row without proof', 'rows: { A-01: { rule: x } }', 'a.yaml: A-01: has no test, deviation or topic'],
    ['no rule', 'rows: { A-01: { later: pricing } }', 'a.yaml: A-01: says no rule'],
    [
      'an unknown topic',
      'rows: { A-01: { rule: x, later: tea, deviation: unknown action } }',
      'a.yaml: A-01: there is no topic "tea"',
    ],
    ['an unknown word', 'rows: { A-01: { rule: x, later: pricing, test: y } }', 'a.yaml: A-01: nobody knows "test"'],
    [
      'a file that is not there',
      'rows: { A-01: { rule: x, tests: { base/no.test.ts: y } } }',
      'a.yaml: A-01: there is no packages/base/test/no.test.ts',
    ],
    [
      'a test that is not there',
      'rows: { A-01: { rule: x, tests: { tests/docs/links.test.ts: every page } } }',
      'a.yaml: A-01: tests/docs/links.test.ts has no test "every page"',
    ],
    [
      'a deviation that is not explained',
      'rows: { A-01: { rule: x, deviation: nowhere } }',
      'a.yaml: A-01: "nowhere" does not stand below a heading of docs/explanation/deviations.md',
    ],
    [
      'an id that stands twice',
      'rows:\n  A-01: { rule: x, later: pricing }\n  A-01: { rule: x, later: pricing }',
      'a.yaml:3: Map keys must be unique',
    ],
  ])('%s', (_, yaml, fault) => {
    expect(faultsOf(yaml)).toEqual([fault]);
  });

  test('an id of two files, a rule of the reference and a line of the document without a row', () => {
    const rows = parseCoverage('a.yaml', 'rows: { A-01: { rule: x, later: pricing, lines: "1-2, 4" } }\nothers: 5');
    expect(coverageFaults(root, [rows, { ...rows, file: 'c.yaml' }])).toEqual(['A-01 has two rows']);
    expect(missingIds([rows], referenceIds('- A-01 x\n| A-02 | y |\n- C-01 z\nA-03'))).toEqual(['A-02']);
    expect(missingLines(rows, 'a\nb\nc\nd\ne\n\ng')).toEqual([3, 7]);
  });
});
