import { describeFaults, type InterfaceContract, type Validate } from '@chargemesh/contracts';
import type { BusMessage } from '../bus/bus.ts';
import { JournalFollower } from '../journal/journal-follower.ts';
import type { JournalPosition } from '../journal/journal-wire.ts';
import { CommandError } from '../module/command-error.ts';
import type { ErrorView, Mapping, MeshError } from '../module/mesh-error.ts';
import type { CallOptions, JournalReader, Required } from '../module/module.ts';
import type { InterfaceShape } from '../module/shapes.ts';
import { decodeError, decodeMarkedVariable } from '../wire/envelope.ts';
import { ErrorBook } from './error-book.ts';
import { type Connection, mappingOf } from './module-info.ts';
import type { Peer } from './peer.ts';
import type { RuntimeCore } from './runtime-core.ts';

interface Watched {
  readonly check: Validate;
  readonly isState: boolean;
  readonly listeners: ((value: never) => void)[];
  /** Where the peer may keep a journal of it. */
  follower: JournalFollower | undefined;
  /** A live value has come since the connection stands: what the broker had kept is older. */
  live: boolean;
  /** The last value delivered, so that a kept copy of it is not delivered again. */
  last: unknown;
}

/** One connection of a requirement at work: calls, variables and errors of a peer's implementation. */
export class RequiredConnection implements Required<InterfaceShape> {
  readonly moduleId: string;
  readonly implementationId: string;
  readonly index: number;
  readonly mapping: Mapping | undefined;
  readonly #core: RuntimeCore;
  readonly #contract: InterfaceContract;
  readonly #peer: Peer;
  readonly #wantsErrors: boolean;
  readonly #book = new ErrorBook();
  readonly #watched = new Map<string, Watched>();
  #errorsLive = false;

  constructor(
    core: RuntimeCore,
    place: { connection: Connection; index: number; contract: InterfaceContract; peer: Peer; wantsErrors: boolean },
  ) {
    this.#core = core;
    this.#contract = place.contract;
    this.#peer = place.peer;
    this.#wantsErrors = place.wantsErrors;
    this.moduleId = place.connection.moduleId;
    this.implementationId = place.connection.implementationId;
    this.index = place.index;
    this.mapping = mappingOf(core.info.peers[this.moduleId], this.implementationId);
  }

  get errors(): ErrorView<string> {
    return this.#book;
  }

  isReady(): boolean {
    return this.#peer.ready;
  }

  onPresence(listener: (present: boolean) => void): void {
    this.#peer.listen(listener);
  }

  onReunion(listener: () => void): void {
    this.#peer.listenReunion(listener);
  }

  async call(command: string, args: unknown, options: CallOptions = {}): Promise<unknown> {
    const { client } = this.#core;
    const { validators } = this.#core.contracts;
    const name = `${this.moduleId}/${this.implementationId}/${command}`;
    const faults = validators.sentCommandArgs(this.#contract.name, command)(args);
    if (faults.length > 0)
      throw new CommandError('SchemaValidationError', `${name} was not called: ${describeFaults(faults)}`);
    if (this.#peer.known && !this.#peer.ready)
      throw new CommandError('NotReady', `${name} was not called: module ${this.moduleId} is ${this.#peer.state}`);
    const deadlineS = this.#contract.commands[command]?.deadlineS ?? 300;
    const result = await client.call({
      moduleId: this.moduleId,
      implementationId: this.implementationId,
      command,
      args,
      deadlineMs: options.deadlineMs ?? deadlineS * 1000,
    });
    const wrong = validators.commandResult(this.#contract.name, command)(result);
    if (wrong.length > 0)
      throw new CommandError('SchemaValidationError', `${name} answered wrongly: ${describeFaults(wrong)}`);
    return result;
  }

  subscribe(variable: string, listener: (value: never) => void): void {
    this.#watch(variable).listeners.push(listener);
  }

  follow(variable: string, reader: JournalReader<never>): void {
    const follower = new JournalFollower(this.#core, this.moduleId, reader);
    this.#watch(variable).follower = follower;
    this.#peer.listen((present) => {
      if (!present) follower.stop();
      else if (!this.#core.outbox.holding) follower.catchUp();
    });
  }

  /** Asks for what was missed of the journals that are followed. */
  catchUp(): void {
    for (const { follower } of this.#watched.values()) follower?.catchUp();
  }

  /** The module ends: asks for nothing any more. */
  stop(): void {
    for (const { follower } of this.#watched.values()) follower?.stop();
  }

  #watch(variable: string): Watched {
    let watched = this.#watched.get(variable);
    if (!watched) {
      watched = {
        check: this.#core.contracts.validators.variable(this.#contract.name, variable),
        isState: this.#contract.variables[variable]?.kind === 'state',
        listeners: [],
        follower: undefined,
        live: false,
        last: undefined,
      };
      this.#watched.set(variable, watched);
    }
    return watched;
  }

  /** The topics that this connection listens to, each with who takes its messages. */
  subscriptions(): Map<string, (message: BusMessage) => void> {
    const { topics, info, client } = this.#core;
    const taken = new Map<string, (message: BusMessage) => void>();
    const at = [this.moduleId, this.implementationId] as const;
    if (Object.keys(this.#contract.commands).length > 0)
      taken.set(topics.commandResponse(...at, '+', info.id), ({ payload }) => void client.take(payload));
    for (const [variable, watched] of this.#watched) {
      taken.set(topics.variable(...at, variable), (message) => this.#takeLive(variable, watched, message));
      const { follower } = watched;
      if (follower) {
        taken.set(topics.journalAnswer(this.moduleId, info.id), ({ payload }) =>
          follower.answered(JSON.parse(payload)),
        );
        taken.set(topics.journalState(this.moduleId), ({ payload }) => follower.told(JSON.parse(payload)));
      }
      if (watched.isState)
        taken.set(topics.keptVariable(...at, variable), (message) => this.#takeKept(variable, watched, message));
    }
    if (this.#wantsErrors && this.#contract.errors.length > 0) {
      taken.set(topics.error(...at, '+/+'), ({ payload }) => void this.#book.note(decodeError(payload)));
      taken.set(topics.keptErrors(...at), (message) => this.#takeErrors(message));
    }
    return taken;
  }

  /** The connection to the broker was lost: what it keeps is news again. */
  forgetLive(): void {
    this.#errorsLive = false;
    for (const watched of this.#watched.values()) watched.live = false;
  }

  #takeLive(variable: string, watched: Watched, { payload }: BusMessage): void {
    watched.live = true;
    const { value, journal } = decodeMarkedVariable(payload);
    this.#deliver(variable, watched, value, journal);
  }

  #takeKept(variable: string, watched: Watched, { payload, retained }: BusMessage): void {
    if (!retained || payload === '' || watched.live) return;
    const { data } = JSON.parse(payload) as { data: unknown };
    if (JSON.stringify(data) !== JSON.stringify(watched.last)) this.#deliver(variable, watched, data);
  }

  #takeErrors({ payload, retained }: BusMessage): void {
    // What the broker had kept is older than what came live, though it may arrive later.
    if (retained && this.#errorsLive) return;
    this.#errorsLive ||= !retained;
    if (payload !== '')
      this.#book.replace(this.moduleId, this.implementationId, JSON.parse(payload) as readonly MeshError[]);
  }

  #deliver(variable: string, watched: Watched, value: unknown, journal?: JournalPosition): void {
    const faults = watched.check(value);
    if (faults.length > 0) {
      const text = describeFaults(faults);
      this.#core.drops.drop(this.#core.topics.variable(this.moduleId, this.implementationId, variable), text);
      // A foreign module may know a wider contract than ours; EVerest would hand its values over.
      if (this.#peer.known) return;
    }
    if (watched.isState) watched.last = value;
    for (const listener of watched.listeners) listener(value as never);
    watched.follower?.published(value, journal);
  }
}
