import type { Mutation } from '../mutation.ts';

/** The mesh, its tools and the energy tree. */
export const meshMutations: readonly Mutation[] = [
  {
    rule: 'a command without arguments sends null',
    file: 'packages/framework/src/wire/envelope.ts',
    find: 'args: isEmpty(args) ? null : args',
    replace: 'args',
    notices: ['test', 'packages/framework'],
  },
  {
    rule: 'a call to a module that has left fails at once',
    file: 'packages/framework/src/runtime/required-connection.ts',
    find: 'if (this.#peer.known && !this.#peer.ready)',
    replace: 'if (false as boolean)',
    notices: ['test', 'packages/framework'],
  },
  {
    rule: 'a commit survives a loss of power',
    file: 'packages/base/src/store/sqlite-store.ts',
    find: 'PRAGMA synchronous=FULL',
    replace: 'PRAGMA synchronous=NORMAL',
    notices: ['test', 'packages/base'],
  },
  {
    rule: 'a lower limit is a fall, and goes out before any rise',
    file: 'packages/energy-manager/src/limit-distributor.ts',
    find: "value * before < 0) return 'fall';",
    replace: "value * before < 0) return 'rise';",
    notices: ['test', 'packages/energy-manager'],
  },
  {
    rule: 'configuration numbers keep their decimal point on the wire',
    file: 'packages/manager/src/distribution/wire-number.ts',
    find: 'value.toFixed(1)',
    replace: 'String(value)',
    notices: ['test', 'packages/manager'],
  },
  {
    rule: 'no module imports another',
    file: 'packages/auth/src/index.ts',
    find: 'export {',
    replace: "import '@chargemesh/evse-manager';\nexport {",
    notices: ['architecture'],
  },
  {
    rule: 'generated types follow the contracts',
    file: 'interfaces/kvs.yaml',
    find: 'description: ',
    replace: 'description: Changed. ',
    notices: ['generate', '--check'],
  },
  {
    rule: 'time comes from the clock',
    file: 'packages/auth/src/reservations/reservation-service.ts',
    find: 'if (endMs(request) <= clock.wallMs())',
    replace: 'if (endMs(request) <= Date.now())',
    notices: ['lint'],
  },
  {
    rule: 'a command has the arguments of its contract',
    file: 'packages/auth/src/module.ts',
    find: "connection.call('stop_transaction', { request })",
    replace: "connection.call('stop_transaction', { reason: request })",
    notices: ['typecheck'],
  },
  {
    rule: 'nothing is exported without a user',
    file: 'packages/auth/src/reservations/reservation-service.ts',
    find: 'const SECOND_CHANCE_MS',
    replace: 'export const THIRD_CHANCE_MS = 1;\nconst SECOND_CHANCE_MS',
    notices: ['unused'],
  },
  {
    rule: 'a board lets go of a controller that was silent for five seconds',
    file: 'packages/framework/src/module/dead-man.ts',
    find: 'export const DEFAULT_PATIENCE_MS = 5000;',
    replace: 'export const DEFAULT_PATIENCE_MS = 6000;',
    notices: ['test', 'packages/framework'],
  },
  {
    rule: 'a module runs once with one state folder',
    file: 'packages/manager/src/hosting/run-module.ts',
    find: 'if (stateFolder === IN_MEMORY) return () => {};',
    replace: 'if (stateFolder !== undefined) return () => {};',
    notices: ['test', 'packages/manager'],
  },
];
