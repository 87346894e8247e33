import { resolve } from 'node:path';
import { readCoverage } from '../reference/coverage-table.ts';
import type { Mutation } from './mutation.ts';
import { asMutations } from './rule-break.ts';
import { apiRules } from './table/api-rules.ts';
import { authMutations } from './table/auth.ts';
import { authRules } from './table/auth-rules.ts';
import { errorRules } from './table/error-rules.ts';
import { evseManagerMutations } from './table/evse-manager.ts';
import { evseRules } from './table/evse-rules.ts';
import { journalMutations } from './table/journal.ts';
import { keyRules } from './table/key-rules.ts';
import { meshMutations } from './table/mesh.ts';
import { ocppMutations } from './table/ocpp.ts';
import { runTimeRules } from './table/run-time-rules.ts';
import { simulatorRules } from './table/simulator-rules.ts';

/** All ways, in the order in which they are tried. */
export const mutations: readonly Mutation[] = [
  ...ocppMutations,
  ...journalMutations,
  ...authMutations,
  ...authRules,
  ...evseManagerMutations,
  ...evseRules,
  ...meshMutations,
  ...errorRules,
  ...apiRules,
  ...simulatorRules,
  ...asMutations([...keyRules, ...runTimeRules], readCoverage(resolve(import.meta.dirname, '../..'))),
];
