import type { Mutation } from '../mutation.ts';
import { core, mesh } from '../rule-break.ts';

const book = 'packages/framework/src/runtime/error-book.ts';
const archive = 'packages/station-services/src/error-history/error-archive.ts';
const inFramework = ['test', 'packages/framework/test/runtime'];
const inOcpp = ['test', 'packages/ocpp/test/mesh-errors', 'packages/ocpp/test/conversions'];
const inServices = ['test', 'packages/station-services'];

/** Errors, from whoever raises them to the CSMS and the history, and the small services. */
export const errorRules: readonly Mutation[] = [
  {
    rule: 'an error that is raised again is no news',
    file: book,
    find: 'if (known && saysTheSame(known, error)) return false;',
    replace: '',
    notices: inFramework,
  },
  {
    rule: 'an error is cleared as what it was raised as',
    file: book,
    find: 'this.#clear(key, { ...known, state: error.state });',
    replace: 'this.#clear(key, error);',
    notices: inFramework,
  },
  {
    rule: 'an error whose words are others in a new life of its module is cleared first',
    file: book,
    find: "if (known) this.#clear(key, { ...known, state: 'ClearedByModule' });",
    replace: '',
    notices: inFramework,
  },
  {
    rule: 'what a module does not say again when it is back is over',
    file: book,
    find: ' && !keys.has(keyOf(known))',
    replace: ' && keys.size > 9',
    notices: inFramework,
  },
  {
    rule: 'two sub types are two errors',
    file: book,
    find: '[type, sub_type, origin.module_id, origin.implementation_id]',
    replace: '[type, origin.module_id, origin.implementation_id]',
    notices: inFramework,
  },
  {
    rule: 'a condition may ask for an error that is not active',
    file: book,
    find: 'this.isActive(type, subType) === active',
    replace: 'this.isActive(type, subType)',
    notices: inFramework,
  },
  {
    rule: 'to raise what is active does nothing',
    file: 'packages/framework/src/runtime/provided-implementation.ts',
    find: 'if (this.#book.isActive(report.type, subType)) return;',
    replace: '',
    notices: inFramework,
  },
  {
    rule: 'an error of a module that has no implementation is dropped',
    file: 'packages/framework/src/wire/envelope.ts',
    find: "if (typeof module_id !== 'string' || typeof implementation_id !== 'string')",
    replace: "if (typeof module_id !== 'string' || typeof implementation_id === 'number')",
    notices: inFramework,
  },
  {
    rule: 'an error of an EVSE that OCPP does not have is the station’s',
    file: mesh('evse-group.ts'),
    find: '(this.#port.evses.has(evse) ? evse : 0)',
    replace: 'evse',
    notices: inOcpp,
  },
  {
    rule: 'an EVSE with another number than its place has its errors at its place',
    file: mesh('evse-group.ts'),
    find: '      this.#misplaced.set(id, connectorId);\n',
    replace: '',
    notices: inOcpp,
  },
  {
    rule: 'a station that was stopped tells in its next life what is active',
    file: mesh('ocpp-service.ts'),
    find: '    this.#port.tellErrors(this.#chargePoint);\n',
    replace: '',
    notices: inOcpp,
  },
  {
    rule: 'a fault that only changes its causes is Faulted all the while',
    file: mesh('error-relay.ts'),
    find: 'if (!connectorError(error).fault || !this.#hasOther(error)) {',
    replace: "if (error.type !== '') {",
    notices: inOcpp,
  },
  {
    rule: 'a fault that is raised anew ends the wait for its clear behind itself',
    file: mesh('error-relay.ts'),
    find: '    this.#port.input((point) => this.tell(point, error));\n    this.#finish(identity(error));',
    replace: '    this.#finish(identity(error));\n    this.#port.input((point) => this.tell(point, error));',
    notices: inOcpp,
  },
  {
    rule: 'the registry’s numbers have OCPP’s codes',
    file: mesh('conversions/connector-error.ts'),
    find: "5: 'OverVoltage',",
    replace: "5: 'OverCurrentFailure',",
    notices: inOcpp,
  },
  {
    rule: 'the registry’s numbers have three digits',
    file: mesh('conversions/connector-error.ts'),
    find: "number.padStart(3, '0')",
    replace: "number.padStart(2, '0')",
    notices: inOcpp,
  },
  {
    rule: 'of the same moment the fault is told, not its cause',
    file: core('connectors/connector.ts'),
    find: 'return newest.fault && !error.fault;',
    replace: 'return false;',
    notices: ['test', 'packages/ocpp-core/test/connectors'],
  },
  {
    rule: 'what was active when the mesh ended was cleared by the reboot',
    file: archive,
    find: "SET state = 'ClearedByReboot'",
    replace: "SET state = 'ClearedByModule'",
    notices: inServices,
  },
  {
    rule: 'filters of the history have to fit all',
    file: archive,
    find: "conditions.join(' AND ')",
    replace: "conditions.join(' OR ')",
    notices: inServices,
  },
  {
    rule: 'MEDIUM_GE lets through what is worse',
    file: archive,
    find: "MEDIUM_GE: ['Medium', 'High']",
    replace: "MEDIUM_GE: ['Medium']",
    notices: inServices,
  },
  {
    rule: 'an error that the history cannot tell does not keep it from telling others',
    file: archive,
    find: '.filter(isTellable)',
    replace: '',
    notices: inServices,
  },
  {
    rule: 'what a run that was cut off has kept is forgotten, but for modules that may have gone on',
    file: 'packages/manager/src/mesh/kept-values.ts',
    find: ' && !goOn.has(this.#moduleOf(topic))',
    replace: '',
    notices: ['test', 'packages/manager/test/mesh/kept-values'],
  },
  {
    rule: 'an amount has all its decimal places',
    file: 'packages/station-services/src/terminal-cost-and-price-message/cost-lines.ts',
    find: "padStart(decimals + 1, '0')",
    replace: "padStart(decimals, '0')",
    notices: inServices,
  },
  {
    rule: 'the time that a program took to set the clock of the machine is not lost',
    file: 'packages/system/src/mesh-time.ts',
    find: 'this.#move(this.#newest.epochMs + this.#clock.monotonicMs() - this.#newest.atMs);',
    replace: 'this.#move(this.#newest.epochMs);',
    notices: ['test', 'packages/system/test/mesh-time'],
  },
  {
    rule: 'a time that comes while the clock of the machine is set is not undone by it',
    file: 'packages/system/src/mesh-time.ts',
    find: 'this.#move(this.#newest.epochMs + this.#clock.monotonicMs() - this.#newest.atMs);',
    replace: 'this.#move(epochMs);',
    notices: ['test', 'packages/system/test/mesh-time'],
  },
  {
    rule: 'a machine that is not on time is set again, though the mesh is',
    file: 'packages/system/src/mesh-time.ts',
    find: 'deltaMs + this.#clock.wallOffsetMs()',
    replace: 'deltaMs',
    notices: ['test', 'packages/system/test/mesh-time'],
  },
];
