import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { YamlFile } from '../../packages/manager/src/config/yaml-file.ts';
import { type CoverageTopic, isCoverageTopic } from './coverage-topics.ts';

/** A test, or one case of a table of cases. */
export interface CoveringTest {
  /** Path from the root of the repository. */
  readonly file: string;
  readonly name: string;
}

/** A rule, and what holds us to it. */
export interface CoverageRow {
  readonly id: string;
  readonly rule: string;
  readonly tests: readonly CoveringTest[];
  /** Words of docs/explanation/deviations.md. */
  readonly deviation?: string;
  readonly later?: CoverageTopic;
  /** Lines of the document that it is about, from 1. */
  readonly lines: readonly number[];
}

/** One file of the table. */
export interface CoverageSection {
  readonly file: string;
  readonly title: string;
  readonly rows: readonly CoverageRow[];
  /** Lines of the document that ask for nothing. */
  readonly others: readonly number[];
  /** What cannot be understood. */
  readonly faults: readonly string[];
}

/** The files in the order of the page. */
export const coverageFiles = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'rst', 'field'].map((name) => `${name}.yaml`);

const FOLDER = 'tools/reference/coverage';

/** The files that are there. Their form is explained in tools/reference/coverage/README.md. */
export function readCoverage(root: string): readonly CoverageSection[] {
  return coverageFiles
    .filter((file) => existsSync(join(root, FOLDER, file)))
    .map((file) => parseCoverage(file, readFileSync(join(root, FOLDER, file), 'utf8')));
}

/** One file, from its text. */
export function parseCoverage(file: string, text: string): CoverageSection {
  const yaml = new YamlFile(file, text);
  const faults = yaml.faults.map(({ line, message }) => `${file}:${line}: ${message}`);
  const content = object(yaml.value);
  const rows = Object.entries(object(content.rows)).map(([id, value]) =>
    parseRow(id, object(value), (fault) => faults.push(`${file}: ${id}: ${fault}`)),
  );
  if (rows.length === 0) faults.push(`${file}: has no rows`);
  return { file, title: texts(content.title).join(), rows, others: texts(content.others).flatMap(parseLines), faults };
}

function parseRow(
  id: string,
  { rule, tests, deviation, later, lines, ...unknown }: Record<string, unknown>,
  fault: (text: string) => void,
): CoverageRow {
  for (const name of Object.keys(unknown)) fault(`nobody knows "${name}"`);
  const topic = texts(later).join();
  if (topic !== '' && !isCoverageTopic(topic)) fault(`there is no topic "${topic}"`);
  return {
    id,
    rule: texts(rule).join(),
    tests: Object.entries(object(tests)).flatMap(([path, names]) =>
      texts(names).map((name) => ({ file: testFile(path), name })),
    ),
    ...(deviation === undefined ? {} : { deviation: texts(deviation).join() }),
    ...(isCoverageTopic(topic) ? { later: topic } : {}),
    lines: texts(lines).flatMap(parseLines),
  };
}

/** `ocpp-core/rpc/frame.test.ts` is packages/ocpp-core/test/rpc/frame.test.ts. */
function testFile(path: string): string {
  if (path.startsWith('tests/')) return path;
  const [name, ...rest] = path.split('/');
  return ['packages', name, 'test', ...rest].join('/');
}

/** `3, 5-7` is 3, 5, 6, 7. */
function parseLines(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function texts(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.flatMap(texts) : [String(value)];
}
