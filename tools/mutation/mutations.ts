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
  {
    rule: 'a value of a journal is taken once',
    file: 'packages/framework/src/journal/journal-follower.ts',
    find: '    if (mark.number < this.#next) return;\n',
    replace: '',
    notices: ['test', 'packages/framework'],
  },
  {
    rule: 'what a reader missed is in the answer of a journal',
    file: 'packages/framework/src/journal/journal.ts',
    find: 'WHERE number > ? ORDER BY number',
    replace: 'WHERE number > ? + 1 ORDER BY number',
    notices: ['test', 'packages/framework'],
  },
  {
    rule: 'a board lets go of a controller that was silent for five seconds',
    file: 'packages/framework/src/module/dead-man.ts',
    find: 'export const DEFAULT_PATIENCE_MS = 5000;',
    replace: 'export const DEFAULT_PATIENCE_MS = 6000;',
    notices: ['test', 'packages/framework'],
  },
  {
    rule: 'an EVSE whose board holds something gives signs of life',
    file: 'packages/evse-manager/src/module.ts',
    find: 'module.heartbeat.beat(held.pwm || held.power);',
    replace: 'module.heartbeat.beat(held.power && !held.pwm);',
    notices: ['test', 'packages/evse-manager'],
  },
  {
    rule: 'a transaction whose EVSE was away for more than 30 s is over',
    file: 'packages/evse-manager/src/session/continuation.ts',
    find: 'const CAR_WAITS_MS = 30_000;',
    replace: 'const CAR_WAITS_MS = 300_000;',
    notices: ['test', 'packages/evse-manager'],
  },
  {
    rule: 'an EVSE that goes on with a session does not ask for nothing first',
    file: 'packages/evse-manager/src/evse.ts',
    find: '    if (!session) this.energy.begin();',
    replace: '    this.energy.begin();',
    notices: ['test', 'tests/scenarios/scenarios'],
  },
  {
    rule: 'the end of a cut off transaction is told before its EVSE says that it waits',
    file: 'packages/evse-manager/src/evse.ts',
    find: '      await this.#session.finishAfterPowerLoss(unfinished);\n    }\n    publish.waitingForExternalReady(config.external_ready_to_start_charging);',
    replace:
      '      void this.#session.finishAfterPowerLoss(unfinished);\n    }\n    publish.waitingForExternalReady(config.external_ready_to_start_charging);',
    notices: ['test', 'packages/evse-manager'],
  },
  {
    rule: 'a pause that only the lack of power keeps up asks for power',
    file: 'packages/evse-manager/src/energy/energy-request.ts',
    find: "(state === 'ChargingPausedEVSE' && !heldBack)",
    replace: "(state === 'ChargingPausedEVSE' && heldBack)",
    notices: ['test', 'packages/evse-manager'],
  },
  {
    rule: 'a module runs once with one state folder',
    file: 'packages/manager/src/hosting/run-module.ts',
    find: 'if (stateFolder === IN_MEMORY) return () => {};',
    replace: 'if (stateFolder !== undefined) return () => {};',
    notices: ['test', 'packages/manager'],
  },
  {
    rule: 'no sample of a transaction lies before its beginning',
    file: 'packages/ocpp-core/src/transactions/meter-values.ts',
    find: '|| reading.timestampMs >= startedMs) return reading;',
    replace: '|| startedMs > 0) return reading;',
    notices: ['test', 'packages/ocpp-core'],
  },
];
