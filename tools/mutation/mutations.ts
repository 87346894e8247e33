import type { Mutation } from './mutation.ts';
import { authMutations } from './table/auth.ts';
import { evseManagerMutations } from './table/evse-manager.ts';
import { journalMutations } from './table/journal.ts';
import { meshMutations } from './table/mesh.ts';
import { ocppMutations } from './table/ocpp.ts';

/** All ways, in the order in which they are tried. */
export const mutations: readonly Mutation[] = [
  ...ocppMutations,
  ...journalMutations,
  ...authMutations,
  ...evseManagerMutations,
  ...meshMutations,
];
