import { ChargemeshError, type Clock, formatTimestamp, type Random } from '@chargemesh/base';
import { type Contracts, describeFaults } from '@chargemesh/contracts';
import {
  type Bus,
  CommandError,
  decodeCommand,
  decodeResult,
  encodeCommand,
  encodeError,
  encodeResult,
  encodeVariable,
  type Mapping,
  type MeshError,
  type ResultMessage,
  type Topics,
} from '@chargemesh/framework';

/** A command that a probe received. */
export interface ReceivedCall {
  readonly command: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into arguments that its own expectation types
  readonly args: any;
  readonly caller: string;
  /** On the monotonic clock. */
  readonly atMs: number;
}

type Answer = (args: never, caller: string) => unknown;

/** What a probe shares with its mesh. */
export interface ProbePort {
  readonly bus: Bus;
  readonly topics: Topics;
  readonly clock: Clock;
  readonly random: Random;
  readonly contracts: Contracts;
}

/**
 * A module played by a test: it knows nothing but the wire format. It records the commands that it gets, answers them as told, and publishes
 * whatever the test says, as long as the contract allows it.
 */
export class Probe {
  readonly id: string;
  readonly #implementations: Readonly<Record<string, string>>;
  readonly #port: ProbePort;
  readonly #answers = new Map<string, Answer>();
  readonly #calls = new Map<string, ReceivedCall[]>();
  readonly #pending = new Map<string, (result: ResultMessage) => void>();
  readonly #errors = new Map<string, MeshError>();

  constructor(id: string, implementations: Readonly<Record<string, string>>, port: ProbePort) {
    this.id = id;
    this.#implementations = implementations;
    this.#port = port;
  }

  async start(): Promise<void> {
    const { bus, topics } = this.#port;
    const filters = Object.keys(this.#implementations).map((implementation) =>
      topics.command(this.id, implementation, '+'),
    );
    if (filters.length > 0)
      await bus.subscribe(filters, ({ topic, payload }) => {
        const levels = topic.split('/');
        void this.#answer(levels.at(-3) ?? '', levels.at(-1) ?? '', payload);
      });
    await bus.subscribe([topics.commandResponse('+', '+', '+', this.id)], ({ payload }) => {
      const result = decodeResult(payload);
      this.#pending.get(result.id)?.(result);
    });
  }

  /** Says how a command is answered from now on. A thrown error is answered as HandlerException. */
  answer(implementation: string, command: string, answer: Answer): void {
    this.#answers.set(`${implementation}/${command}`, answer);
  }

  /** The calls received so far, of one command or of all commands of an implementation. */
  calls(implementation: string, command?: string): readonly ReceivedCall[] {
    const calls = this.#calls.get(implementation) ?? [];
    return command === undefined ? calls : calls.filter((call) => call.command === command);
  }

  /** Forgets the calls received so far. */
  forgetCalls(): void {
    this.#calls.clear();
  }

  /** Publishes a variable. @throws where the value does not fit the contract, for a test that is wrong is worse than none */
  publish(implementation: string, variable: string, value: unknown): void {
    const { bus, topics, contracts } = this.#port;
    const faults = contracts.validators.variable(this.#interface(implementation), variable)(value);
    if (faults.length > 0)
      throw new ChargemeshError('INVALID_VALUE', `${this.id}/${implementation}/${variable}: ${describeFaults(faults)}`);
    void bus.publish(topics.variable(this.id, implementation, variable), encodeVariable(value));
  }

  /** Raises an error on the bus. @param mapping where this probe stands */
  raise(implementation: string, report: Partial<MeshError> & { type: string }, mapping?: Mapping): void {
    const { clock, random } = this.#port;
    const error: MeshError = {
      sub_type: '',
      message: report.type,
      description: '',
      severity: 'High',
      vendor_id: 'everest',
      uuid: random.uuid(),
      timestamp: formatTimestamp(clock.wallMs()),
      ...report,
      state: 'Active',
      origin: { module_id: this.id, implementation_id: implementation, ...(mapping && { mapping }) },
    };
    this.#errors.set(`${implementation}/${error.type}/${error.sub_type}`, error);
    this.#publishError(implementation, error);
  }

  /** Clears an error raised before. */
  clear(implementation: string, type: string, subType: string = ''): void {
    const error = this.#errors.get(`${implementation}/${type}/${subType}`);
    if (!error) throw new ChargemeshError('NOT_RAISED', `${this.id}/${implementation} never raised ${type}`);
    this.#publishError(implementation, { ...error, state: 'ClearedByModule' });
  }

  /** Calls a command of another module. @throws CommandError */
  async call(moduleId: string, implementation: string, command: string, args: object = {}): Promise<unknown> {
    const { bus, topics, random } = this.#port;
    const id = random.uuid();
    const { promise, resolve } = Promise.withResolvers<ResultMessage>();
    this.#pending.set(id, resolve);
    await bus.publish(topics.command(moduleId, implementation, command), encodeCommand({ id, origin: this.id, args }));
    const result = await promise;
    if ('error' in result) throw result.error;
    return result.retval;
  }

  #publishError(implementation: string, error: MeshError): void {
    const { bus, topics } = this.#port;
    void bus.publish(topics.error(this.id, implementation, error.type), encodeError(error));
  }

  #interface(implementation: string): string {
    const name = this.#implementations[implementation];
    if (name === undefined)
      throw new ChargemeshError('UNKNOWN', `the probe ${this.id} does not play ${implementation}`);
    return name;
  }

  async #answer(implementation: string, command: string, payload: string): Promise<void> {
    const { bus, topics, clock } = this.#port;
    const { id, origin: caller, args } = decodeCommand(payload);
    const calls = this.#calls.get(implementation) ?? [];
    this.#calls.set(implementation, calls);
    calls.push({ command, args, caller, atMs: clock.monotonicMs() });
    let result: ResultMessage;
    try {
      result = { id, origin: this.id, retval: await this.#result(implementation, command, args, caller) };
    } catch (error) {
      result = { id, origin: this.id, error: new CommandError('HandlerException', (error as Error).message) };
    }
    await bus.publish(topics.commandResponse(this.id, implementation, command, caller), encodeResult(result));
  }

  #result(implementation: string, command: string, args: unknown, caller: string): unknown {
    const answer = this.#answers.get(`${implementation}/${command}`);
    if (answer) return answer(args as never, caller);
    const contract = this.#port.contracts.interface(this.#interface(implementation)).commands[command];
    if (contract?.result.type === 'null') return null;
    throw new ChargemeshError('UNKNOWN', `the test gave ${this.id}/${implementation}/${command} no answer`);
  }
}
