import type { CoverageSection } from './coverage-table.ts';

/** The tables of the reference whose rows have names instead of numbers, by section, and how a name is told from the first cell. */
const NAMED: Readonly<Record<string, (cell: string) => string[]>> = {
  'B.1': keys,
  'B.2': keys,
  'B.3': keys,
  'B.4': keys,
  'B.5': keys,
  'B.6': keys,
  'B.7': keys,
  'G.2': (cell) => [`G.2 ${cell}`],
  'G.3': (cell) => [`G.3 ${cell}`],
};

const HEADS = new Set(['key', 'interface.item', 'requirement', '---']);

/** The ids of the rules in the reference's document, in its order: numbers at the beginning of a line, and the names of NAMED. */
export function referenceIds(document: string): string[] {
  let section = '';
  return document.split('\n').flatMap((line) => {
    const heading = /^### ([A-H]\.\d+)/.exec(line);
    if (heading) section = heading[1] ?? '';
    const number = /^(?:- |\| )([A-H]-\d+[a-z]?)\b/.exec(line)?.[1];
    if (number !== undefined) return [number];
    const cell = /^\| ?([^|]+?) ?\|/.exec(line)?.[1];
    if (cell === undefined || HEADS.has(cell)) return [];
    return NAMED[section]?.(cell) ?? [];
  });
}

/** The ids that no row has, of the sections that have a file. */
export function missingIds(sections: readonly CoverageSection[], ids: readonly string[]): string[] {
  const present = new Set(sections.flatMap(({ rows }) => rows.map(({ id }) => id)));
  const files = new Set(sections.map(({ file }) => file));
  return ids.filter((id) => !present.has(id) && files.has(fileOf(id)));
}

/** The lines of the document that neither a row is about nor are said to ask for nothing. */
export function missingLines({ rows, others }: CoverageSection, document: string): number[] {
  const known = new Set([...others, ...rows.flatMap(({ lines }) => lines)]);
  return document.split('\n').flatMap((text, index) => (text.trim() === '' || known.has(index + 1) ? [] : [index + 1]));
}

function fileOf(id: string): string {
  const letter = /^([A-H])[-.]/.exec(id)?.[1];
  return `${(letter ?? 'B').toLowerCase()}.yaml`;
}

/** `A, B` and `A / B` are two keys; `XSize / Count` stands for `XSize` and `XCount`. */
function keys(cell: string): string[] {
  const [first = '', ...rest] = cell.split(/, | \/ /);
  return [first, ...rest.map((name) => (first.endsWith('FileSize') ? first.replace(/FileSize$/, name) : name))].map(
    (name) => name.replace(/,<.*/, ''),
  );
}
