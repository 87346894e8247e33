import type { RuleBreak } from '../rule-break.ts';

/** Run time (C) and the wire (F). */
export const runTimeRules: readonly RuleBreak[] = [];
