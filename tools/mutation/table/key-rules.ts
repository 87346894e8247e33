import type { RuleBreak } from '../rule-break.ts';

/** Messages (A), configuration keys (B) and the module (G). */
export const keyRules: readonly RuleBreak[] = [];
