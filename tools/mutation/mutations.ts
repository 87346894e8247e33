/** A way to break the code that the tests have to notice. */
export interface Mutation {
  /** The rule that is broken. */
  readonly rule: string;
  readonly file: string;
  /** Text that stands in the file once. */
  readonly find: string;
  readonly replace: string;
  /** The command, by pnpm, that turns red; tests below these folders where it is `test`. */
  readonly notices: readonly string[];
}

export const mutations: readonly Mutation[] = [
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
    rule: 'a duty cycle offers the current of IEC 61851',
    file: 'packages/evse-manager/src/iec/pwm-duty.ts',
    find: 'if (limitA <= 51) return limitA / 0.6;',
    replace: 'if (limitA <= 51) return limitA / 0.5;',
    notices: ['test', 'packages/evse-manager'],
  },
  {
    rule: 'identifiers are compared without case',
    file: 'packages/auth/src/id-token.ts',
    find: 'text.toUpperCase().toLowerCase()',
    replace: 'text',
    notices: ['test', 'packages/auth'],
  },
  {
    rule: 'a lower limit is a fall, and goes out before any rise',
    file: 'packages/energy-manager/src/limit-distributor.ts',
    find: "value * before < 0) return 'fall';",
    replace: "value * before < 0) return 'rise';",
    notices: ['test', 'packages/energy-manager'],
  },
  {
    rule: 'a message of a transaction has TransactionMessageAttempts',
    file: 'packages/ocpp-core/src/queue/messenger.ts',
    find: '        if (message.attempts + 1 < this.#maxAttempts()) {',
    replace: '        if (message.attempts + 2 < this.#maxAttempts()) {',
    notices: ['test', 'packages/ocpp-core'],
  },
  {
    rule: 'energy is rounded half up',
    file: 'packages/ocpp-core/src/metering/sampled-values.ts',
    find: 'Math.floor(wh + 0.5)',
    replace: 'Math.floor(wh)',
    notices: ['test', 'packages/ocpp-core'],
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
];
