import type { CoverageSection } from '../reference/coverage-table.ts';
import type { Mutation } from './mutation.ts';

/** A way to break the code of a rule of the coverage table; the tests of its row have to notice. */
export interface RuleBreak extends Omit<Mutation, 'rule' | 'notices'> {
  /** The id of the row. */
  readonly id: string;
}

/** A source of the station library, and one of the OCPP module. */
export const core = (file: string): string => `packages/ocpp-core/src/${file}`;
export const mesh = (file: string): string => `packages/ocpp/src/${file}`;

/** @throws RangeError where the table has no such rule, or no test for it */
export function asMutations(breaks: readonly RuleBreak[], sections: readonly CoverageSection[]): Mutation[] {
  const rows = new Map(sections.flatMap(({ rows }) => rows.map((row) => [row.id, row])));
  return breaks.map(({ id, ...change }) => {
    const row = rows.get(id);
    if (!row || row.tests.length === 0) throw new RangeError(`the coverage table has no rule ${id} with a test`);
    return {
      ...change,
      rule: `${id}: ${row.rule}`,
      notices: ['test', ...new Set(row.tests.map(({ file }) => file))],
    };
  });
}
