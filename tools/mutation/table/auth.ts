import type { Mutation } from '../mutation.ts';

/** Auth. */
export const authMutations: readonly Mutation[] = [
  {
    rule: 'identifiers are compared without case',
    file: 'packages/auth/src/id-token.ts',
    find: 'text.toUpperCase().toLowerCase()',
    replace: 'text',
    notices: ['test', 'packages/auth'],
  },
  {
    rule: 'a token that is being dealt with is not dealt with again',
    file: 'packages/auth/src/token-handler.ts',
    find: 'return placed || [...this.#processes].some((other) => sameToken(other.token, token));',
    replace: 'return placed;',
    notices: ['test', 'packages/auth'],
  },
  {
    rule: 'a remote start stops nothing',
    file: 'packages/auth/src/token-handler.ts',
    find: "if (process.token.authorization_type === 'OCPP') return undefined;",
    replace: "if (process.token.authorization_type === 'RFID') return undefined;",
    notices: ['test', 'packages/auth'],
  },
  {
    rule: 'a card of the master group starts nothing',
    file: 'packages/auth/src/token-handler.ts',
    find: "if (sameId(parentId, settings.masterPassGroupId)) return 'rejected';",
    replace: '',
    notices: ['test', 'packages/auth'],
  },
  {
    rule: 'an EVSE that is reserved for another is not given away',
    file: 'packages/auth/src/token-handler.ts',
    find: "return reservations.book.isChargingPossible(evse) ? result : { ...result, authorization_status: 'NotAtThisTime' };",
    replace: 'return result;',
    notices: ['test', 'packages/auth'],
  },
  {
    rule: 'an authorization that nobody uses is taken back in time',
    file: 'packages/auth/src/authorizations.ts',
    find: 'evse.timer = clock.setTimer(settings.connectionTimeoutS * 1000, () => void this.#onUnused(evse, identifier));',
    replace:
      'evse.timer = clock.setTimer(settings.connectionTimeoutS * 2000, () => void this.#onUnused(evse, identifier));',
    notices: ['test', 'packages/auth'],
  },
  {
    rule: 'what another run of the station knew is not restored',
    file: 'packages/framework/src/module/run-memory.ts',
    find: 'WHERE run = ?`).get(this.#run)',
    replace: "WHERE run <> ?`).get('')",
    notices: ['test', 'packages/auth'],
  },
];
