import type { Mutation } from '../mutation.ts';

const source = (file: string): string => `packages/auth/src/${file}`;
const tests = (...files: string[]): readonly string[] => files.map((file) => `packages/auth/test/${file}`);

/** Auth: what holds when words cross, and the rules of its model. */
export const authRules: readonly Mutation[] = [
  {
    rule: 'a session that ends does not take the next authorization along, which is on its way',
    file: source('authorizations.ts'),
    find: 'if (!evse.identifier || !this.#onTheirWay.has(evse.identifier)) this.remove(evse);',
    replace: 'this.remove(evse);',
    notices: ['test', ...tests('races/races.test.ts')],
  },
  {
    rule: 'an EVSE that is given to a token is given to no other',
    file: source('evse-chooser.ts'),
    find: 'if (evse) evse.claimed = true;',
    replace: '',
    notices: ['test', ...tests('property/auth.test.ts')],
  },
  {
    rule: 'an authorization that comes to a disabled EVSE is taken back',
    file: source('session-events.ts'),
    find: "if (event === 'Disabled' && !evse.usable)",
    replace: 'if (evse.identifier === undefined)',
    notices: ['test', ...tests('races/races.test.ts')],
  },
  {
    rule: 'to enable an EVSE takes nothing back',
    file: source('session-events.ts'),
    find: "if (event === 'Disabled' && !evse.usable)",
    replace: 'if (!evse.usable)',
    notices: ['test', ...tests('property/auth.test.ts')],
  },
  {
    rule: 'a word that comes too late leaves the transaction its card',
    file: source('session-events.ts'),
    find: 'if (!evse.transactionActive) this.#options.authorizations.ended(evse);',
    replace: 'this.#options.authorizations.ended(evse);',
    notices: ['test', ...tests('token-handler.test.ts')],
  },
  {
    rule: 'an authorization that is withdrawn as its car comes ends the transaction',
    file: source('withdrawal.ts'),
    find: 'if (!isTooLate) return;',
    replace: 'return;',
    notices: ['test', ...tests('withdrawal.test.ts')],
  },
  {
    rule: 'a token that can go to one EVSE alone is withdrawn with it',
    file: source('withdrawal.ts'),
    find: 'referenced.every(({ id }) => id === request.evse_id)',
    replace: 'false',
    notices: ['test', ...tests('withdrawal.test.ts')],
  },
  {
    rule: 'PlugEventsLIFO takes the car that came last',
    file: source('selection.ts'),
    find: 'return waiting.at(-1);',
    replace: 'return waiting[0];',
    notices: ['test', ...tests('selection.test.ts')],
  },
  {
    rule: 'FindFirst sends nobody to an EVSE that is kept while another is free',
    file: source('selection.ts'),
    find: 'byId.find(suits) ?? byId[0]',
    replace: 'byId[0]',
    notices: ['test', ...tests('property/auth.test.ts')],
  },
  {
    rule: 'where there is one EVSE the card may come before the car',
    file: source('selection.ts'),
    find: 'if (candidates.length === 1) return open[0];',
    replace: '',
    notices: ['test', ...tests('property/auth.test.ts')],
  },
  {
    rule: 'a group can stop its transaction though the free EVSE is kept for somebody else',
    file: source('token-handler.ts'),
    find: 'if (mayStop || reservations.book.anyHasGroup) return false;',
    replace: 'if (reservations.book.anyHasGroup) return false;',
    notices: ['test', ...tests('token-handler.test.ts')],
  },
  {
    rule: 'whoever is passed over because of its group hears so',
    file: source('token-handler.ts'),
    find: "if (evse) return evse.transactionActive ? await this.#stopLocally(process, evse) : 'rejected';",
    replace: "if (evse) return evse.transactionActive ? await this.#stopLocally(process, evse) : 'silent';",
    notices: ['test', ...tests('property/auth.test.ts')],
  },
  {
    rule: 'an EVSE that awaits the car of an authorization is promised to nobody',
    file: source('reservations/reservation-book.ts'),
    find: '!evse.occupied && !evse.identifier && evse.usable',
    replace: '!evse.occupied && evse.usable',
    notices: ['test', ...tests('property/auth.test.ts')],
  },
  {
    rule: 'a reservation that is gone before its EVSE has agreed is not placed',
    file: source('reservations/reservation-service.ts'),
    find: "if (!book.all.includes(request)) return this.#used.has(request) ? 'Accepted' : 'Rejected';",
    replace: '',
    notices: ['test', ...tests('reservations/reservation-service.test.ts')],
  },
  {
    rule: 'a reservation that a running EVSE refuses does not linger',
    file: source('reservations/reservation-service.ts'),
    find: 'if (evse && this.#begun.has(evse.id)) void this.#askForTheLastTime(evse);',
    replace: '',
    notices: ['test', ...tests('reservations/reservation-service.test.ts')],
  },
  {
    rule: 'no EVSE waits for what another is told of reservations',
    file: source('reservations/reservation-service.ts'),
    find: 'const earlier = this.#telling.get(evse) ?? Promise.resolve();',
    replace: 'const earlier = [...this.#telling.values()].at(-1) ?? Promise.resolve();',
    notices: ['test', ...tests('races/no-waiting.test.ts')],
  },
  {
    rule: 'a reservation that is over leaves the one of its id alone',
    file: source('reservations/reservation-service.ts'),
    find: "if (endMs(request) <= clock.wallMs()) return 'Rejected';",
    replace: '',
    notices: ['test', ...tests('reservations/reservation-service.test.ts')],
  },
];
