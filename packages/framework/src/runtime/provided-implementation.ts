import { ChargemeshError, formatTimestamp, messageOf, type Store } from '@chargemesh/base';
import { describeFaults, type InterfaceContract, type Validate } from '@chargemesh/contracts';
import { Journal } from '../journal/journal.ts';
import { CommandError } from '../module/command-error.ts';
import type { ErrorReport, ErrorView, Mapping, MeshError } from '../module/mesh-error.ts';
import type { CommandHandlers, Provided, ValueJournal } from '../module/module.ts';
import type { InterfaceShape } from '../module/shapes.ts';
import {
  type CommandMessage,
  encodeError,
  encodeResult,
  encodeVariableText,
  type ResultMessage,
} from '../wire/envelope.ts';
import { ErrorBook } from './error-book.ts';
import { mappingOf } from './module-info.ts';
import type { RuntimeCore } from './runtime-core.ts';
import { SeenIds } from './seen-ids.ts';

const COMMAND_IDS_REMEMBERED = 1_000;

/** One provided implementation at work: answers commands, publishes variables, raises errors. */
export class ProvidedImplementation implements Provided<InterfaceShape> {
  readonly id: string;
  readonly config: object;
  readonly mapping: Mapping | undefined;
  readonly interface: InterfaceContract;
  readonly #core: RuntimeCore;
  readonly #book = new ErrorBook();
  readonly #seen = new SeenIds(COMMAND_IDS_REMEMBERED);
  readonly #variableChecks = new Map<string, Validate>();
  #handlers: CommandHandlers<InterfaceShape> | undefined;

  constructor(core: RuntimeCore, id: string, contract: InterfaceContract) {
    this.#core = core;
    this.id = id;
    this.interface = contract;
    this.config = core.info.implementations[id] ?? {};
    this.mapping = mappingOf(core.info.mapping, id);
  }

  get errors(): ErrorView<string> {
    return this.#book;
  }

  /** Whether somebody answers its commands, or it has none. */
  get complete(): boolean {
    return this.#handlers !== undefined || Object.keys(this.interface.commands).length === 0;
  }

  implement(handlers: CommandHandlers<InterfaceShape>): void {
    const missing = Object.keys(this.interface.commands).filter((command) => !(command in handlers));
    if (missing.length > 0)
      throw new ChargemeshError(
        'COMMAND_NOT_IMPLEMENTED',
        `module ${this.#core.info.id} does not implement ${missing.join(', ')} of ${this.id} (${this.interface.name})`,
      );
    this.#handlers = handlers;
  }

  openJournal(variable: string, store: Store): ValueJournal<unknown> {
    const { topics, info } = this.#core;
    const journal = new Journal(this.#core, topics.variable(info.id, this.id, variable), store);
    this.#core.journals.push(journal);
    return {
      publish: (value) => {
        this.#hold(variable, value);
        journal.append(value);
      },
      written: () => journal.written(),
    };
  }

  publish(variable: string, value: unknown): void {
    const core = this.#core;
    const contract = this.#hold(variable, value);
    const text = JSON.stringify(value);
    core.outbox.send(core.topics.variable(core.info.id, this.id, variable), encodeVariableText(text));
    if (contract.kind === 'state')
      core.kept.keep(
        core.topics.keptVariable(core.info.id, this.id, variable),
        `{"data":${text},"timestamp":"${formatTimestamp(core.clock.wallMs())}"}`,
      );
  }

  raise(report: ErrorReport<string>): void {
    const { info, clock, random, log } = this.#core;
    if (!this.interface.errors.includes(report.type)) {
      log.error(
        `${info.id}/${this.id} must not raise ${report.type}: the interface ${this.interface.name} does not list it`,
      );
      return;
    }
    const subType = report.subType ?? '';
    if (this.#book.isActive(report.type, subType)) return;
    this.#note({
      type: report.type,
      sub_type: subType,
      message: report.message,
      description: report.description ?? this.#describe(report.type),
      severity: report.severity ?? 'Low',
      state: 'Active',
      origin: {
        module_id: info.id,
        implementation_id: this.id,
        ...(this.mapping && { mapping: this.mapping }),
      },
      vendor_id: report.vendorId ?? 'everest',
      uuid: random.uuid(),
      timestamp: formatTimestamp(clock.wallMs()),
    });
  }

  clear(type: string, subType: string = ''): void {
    this.#clearWhere((error) => error.type === type && error.sub_type === subType);
  }

  clearAll(type?: string): void {
    this.#clearWhere((error) => type === undefined || error.type === type);
  }

  /** Tells late joiners that nothing is active: a module that returns takes back what it had raised. */
  keepErrors(): void {
    const { topics, info, kept } = this.#core;
    kept.keep(topics.keptErrors(info.id, this.id), JSON.stringify(this.#book.active()));
  }

  /** Carries out a command and publishes its result. */
  async answer(command: string, message: CommandMessage): Promise<void> {
    if (!this.#seen.add(message.id)) return;
    const { bus, topics, info } = this.#core;
    const result = await this.#carryOut(command, message);
    await bus.publish(topics.commandResponse(info.id, this.id, command, message.origin), encodeResult(result));
  }

  async #carryOut(command: string, { id, origin: caller, args }: CommandMessage): Promise<ResultMessage> {
    const { contracts, info, log } = this.#core;
    const origin = info.id;
    const name = `${origin}/${this.id}/${command}`;
    const faults = contracts.validators.commandArgs(this.interface.name, command)(args);
    if (faults.length > 0) {
      const text = `${name} refused its arguments: ${describeFaults(faults)}`;
      log.warn(text, { caller });
      return { id, origin, error: new CommandError('SchemaValidationError', text) };
    }
    try {
      const handler = this.#handlers?.[command];
      if (!handler) throw new CommandError('NotReady', `${name} is not implemented`);
      const retval = (await handler(args, { moduleId: caller })) ?? null;
      const wrong = contracts.validators.commandResult(this.interface.name, command)(retval);
      if (wrong.length > 0)
        throw new CommandError('SchemaValidationError', `its result is invalid: ${describeFaults(wrong)}`);
      return { id, origin, retval };
    } catch (error) {
      const text = `${name}: ${messageOf(error)}`;
      const type = error instanceof CommandError ? error.type : 'HandlerException';
      // What a module leaves undone because it was told to end is no fault of it.
      const level = type === 'Shutdown' ? 'debug' : 'error';
      log[level](text, { caller, ...(error instanceof Error && { stack: error.stack }) });
      return { id, origin, error: new CommandError(type, text) };
    }
  }

  /** Holds a value against the interface. @throws ChargemeshError `INVALID_VALUE` */
  #hold(variable: string, value: unknown): InterfaceContract['variables'][string] {
    const name = `${this.#core.info.id}/${this.id}/${variable}`;
    const contract = this.interface.variables[variable];
    if (!contract)
      throw new ChargemeshError('INVALID_VALUE', `${name}: the interface ${this.interface.name} has no such variable`);
    const faults = this.#check(variable)(value);
    if (faults.length > 0)
      throw new ChargemeshError('INVALID_VALUE', `${name} cannot be published: ${describeFaults(faults)}`, {
        details: { value, faults },
      });
    return contract;
  }

  #clearWhere(matches: (error: MeshError) => boolean): void {
    for (const error of this.#book.active()) if (matches(error)) this.#note({ ...error, state: 'ClearedByModule' });
  }

  #note(error: MeshError): void {
    if (!this.#book.note(error)) return;
    const { topics, info, outbox } = this.#core;
    outbox.send(topics.error(info.id, this.id, error.type), encodeError(error));
    this.keepErrors();
  }

  #describe(type: string): string {
    const [namespace = '', name = ''] = type.split('/');
    return this.#core.contracts.findErrors(namespace)?.errors[name] ?? 'No description found';
  }

  #check(variable: string): Validate {
    let check = this.#variableChecks.get(variable);
    if (!check) {
      check = this.#core.contracts.validators.variable(this.interface.name, variable);
      this.#variableChecks.set(variable, check);
    }
    return check;
  }
}
