import type { Clock, Logger, Migration, Random, Store } from '@chargemesh/base';
import type { Interfaces, Manifests } from '@chargemesh/contracts';
import type { JournalPosition } from '../journal/journal-wire.ts';
import type { ErrorReport, ErrorView, Mapping } from './mesh-error.ts';
import type { InterfaceShape, ManifestShape, ProvidedInterface, RequiredInterface } from './shapes.ts';

/** Answers the commands of one provided implementation. A thrown error reaches the caller as HandlerException. */
export type CommandHandlers<I extends InterfaceShape> = {
  [C in keyof I['commands']]: (
    args: I['commands'][C]['args'],
    caller: { moduleId: string },
  ) => I['commands'][C]['result'] | Promise<I['commands'][C]['result']>;
};

/** One implementation that this module provides. */
export interface Provided<I extends InterfaceShape, Config extends object = object> {
  readonly id: string;
  /** The implementation's own configuration, defaults filled in. */
  readonly config: Config;
  readonly mapping: Mapping | undefined;
  /** Says who answers the commands. To be called once, during set-up, and for every command of the interface. */
  implement(handlers: CommandHandlers<I>): void;
  /**
   * Publishes a variable to everybody who subscribed to it. A state variable is kept for late joiners as well.
   * Before the mesh is ready it is held back and sent then.
   * @throws ChargemeshError `INVALID_VALUE` where the value does not fit the interface
   */
  publish<V extends keyof I['variables'] & string>(variable: V, value: I['variables'][V]): void;
  /**
   * Opens the journal of a variable: its values are then to be published through it, so that whoever follows it misses none. One for
   * each module, in set-up.
   * @param store one of this module's, with `journalMigration`
   */
  openJournal<V extends keyof I['variables'] & string>(variable: V, store: Store): ValueJournal<I['variables'][V]>;
  /** Raises an error. Raising one that is active already does nothing. */
  raise(report: ErrorReport<I['errors']>): void;
  /** Clears the error with that type and sub type (default: the empty one). Clearing one that is not active does nothing. */
  clear(type: I['errors'], subType?: string): void;
  /** Clears all errors of this implementation, or all of one type. */
  clearAll(type?: I['errors']): void;
  readonly errors: ErrorView<I['errors']>;
}

/** Publishes values that nobody may miss. */
export interface ValueJournal<V> {
  /**
   * Commits the value, and publishes it then. Where the disk takes nothing that is later, and in order.
   * @throws ChargemeshError `INVALID_VALUE` where the value does not fit the interface
   */
  publish(value: V): void;
  /** Resolves when all is committed and published. */
  written(): Promise<void>;
}

/** Who follows a journal. */
export interface JournalReader<V> {
  /** How far it was read before; undefined: it is read from now on. */
  position(): JournalPosition | undefined;
  /**
   * Takes the next value. What follows from it is to be committed together with its position, then `done` is to be called. After a
   * loss of power the last values may come again.
   * @param position undefined where the other module keeps no journal
   */
  take(value: V, position: JournalPosition | undefined, done: () => void): void;
}

/** How a call may be limited. */
export interface CallOptions {
  /** Milliseconds until the call fails with CmdTimeout. Default: the contract's deadline for this command, 300 s else. */
  readonly deadlineMs?: number;
}

/** One connection of a requirement of this module to an implementation of another. */
export interface Required<I extends InterfaceShape> {
  readonly moduleId: string;
  readonly implementationId: string;
  /** Its place in the requirement's list of connections, from 0. */
  readonly index: number;
  /** Where the provider stands, by its implementation's mapping or else its module's. */
  readonly mapping: Mapping | undefined;
  /**
   * Calls a command of the peer.
   * @throws CommandError with the wire's error type: the peer's handler failed, refused the arguments, is not ready, is gone, or did
   * not answer in time
   */
  call<C extends keyof I['commands'] & string>(
    command: C,
    args: I['commands'][C]['args'],
    options?: CallOptions,
  ): Promise<I['commands'][C]['result']>;
  /** Hears of each value of a variable, in order. A state variable's last value is delivered to a late joiner too. Set-up only. */
  subscribe<V extends keyof I['variables'] & string>(variable: V, listener: (value: I['variables'][V]) => void): void;
  /** As {@link subscribe}, but for a variable whose journal the peer may keep: each value once, in order, and none is missed. Set-up only. */
  follow<V extends keyof I['variables'] & string>(variable: V, reader: JournalReader<I['variables'][V]>): void;
  readonly errors: ErrorView<I['errors']>;
  /** Whether the peer is ready, by all that is known: a peer that never said anything counts as ready once the mesh is. */
  isReady(): boolean;
  /** Hears when the peer leaves, returns and is ready. */
  onPresence(listener: (present: boolean) => void): void;
  /** Hears when this module and the peer, both there all the time, have the broker again: what was said meanwhile is lost. */
  onReunion(listener: () => void): void;
}

/** Messages from and to programs outside the mesh: raw text below the external prefix. */
export interface ExternalMqtt {
  publish(topic: string, payload: string, options?: { retain?: boolean }): void;
  /** `+` and `#` are allowed. Set-up only. */
  subscribe(filter: string, listener: (payload: string, topic: string) => void): void;
}

/** Flat facts for outside monitoring; sent only where the settings and the module's configuration ask for it. */
export interface Telemetry {
  publish(category: string, subcategory: string, fields: Readonly<Record<string, string | number | boolean>>): void;
}

/**
 * Signs of life between a board and whoever told it to close a relay: more than presence says, since a process that hangs is still
 * connected.
 */
export interface Heartbeat {
  /** Begins to give a sign of life each second, at once and as long as this module is responsible for something, or ends it. */
  beat(on: boolean): void;
  /**
   * Hears each sign of life of another module, and that it has left, until the function that it returns is called. A module of EVerest
   * says neither.
   */
  watch(moduleId: string, listener: (sign: 'alive' | 'gone') => void): () => void;
}

/** What a module is given during set-up and keeps for life. */
export interface ModuleOf<M extends ManifestShape, I extends object> {
  /** The module's id in the configuration. */
  readonly id: string;
  /** The module's type, such as EvseManager. */
  readonly name: string;
  /** Its configuration, defaults filled in. */
  readonly config: M['config'];
  readonly mapping: Mapping | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** What this run was told beside the configuration (`--csms`, `--id` …), by name without dashes. Never written down. */
  readonly runOptions: Readonly<Record<string, string>>;
  readonly paths: {
    /** The folder of this module's databases, logs and files. It exists. */
    readonly state: string;
    /** Folders where a relative path of a configuration is looked up, in order. */
    readonly search: readonly string[];
    /**
     * Where the configuration key's path leads: used as it is where the configuration gives one, mapped into the state folder where
     * it is the manifest's default.
     */
    of(key: keyof M['config'] & string): string;
    /** The same for a key of an implementation's configuration. */
    of(key: string, implementation: keyof M['provides'] & string): string;
  };
  /** The implementation with this id of the manifest's `provides`. */
  provide<P extends keyof M['provides'] & string>(
    implementation: P,
  ): Provided<ProvidedInterface<M, I, P>, M['provides'][P]['config']>;
  /** The connection of a requirement that has exactly one. */
  one<R extends keyof M['requires'] & string>(requirement: R): Required<RequiredInterface<M, I, R>>;
  /** The connection of a requirement that has one or none. */
  optional<R extends keyof M['requires'] & string>(requirement: R): Required<RequiredInterface<M, I, R>> | undefined;
  /** All connections of a requirement, in the configuration's order. */
  all<R extends keyof M['requires'] & string>(requirement: R): readonly Required<RequiredInterface<M, I, R>>[];
  /** @throws ChargemeshError `NOT_ENABLED` where the manifest lacks `enable_external_mqtt` */
  readonly mqtt: ExternalMqtt;
  readonly telemetry: Telemetry;
  readonly heartbeat: Heartbeat;
  /**
   * Whether another module tells of its presence, as modules of Chargemesh do and those of EVerest do not. Of one that this module has no
   * requirement on it is found out at the first question, and until then the answer is no.
   */
  knows(moduleId: string): boolean;
  /** Errors of all modules. @throws ChargemeshError `NOT_ENABLED` where the manifest lacks `enable_global_errors` */
  readonly globalErrors: ErrorView<string>;
  /** Opens the module's own database `<state>/<name>.db`, or the file whose absolute path is given; closed at shutdown. */
  openStore(name: string, migrations: readonly Migration[]): Store;
  /**
   * Asks the manager to start all modules anew (`restart`), to start itself anew (`reboot`), or to stop the whole mesh: how System carries
   * out a reset.
   */
  requestStop(how: 'restart' | 'reboot' | 'stop', reason: string): void;
}

/** What a module does after set-up. */
export interface ModuleHooks {
  /** All modules are ready: commands may be called and variables flow. */
  ready?(): void | Promise<void>;
  /** Time to leave: timers off, hardware safe. Limited to two seconds. */
  shutdown?(): void | Promise<void>;
}

/** A built-in module's context, by its name. */
export type Module<N extends keyof Manifests> = ModuleOf<Manifests[N], Interfaces>;

/** A module that can be started: its name and its set-up. */
export interface ModuleDefinition {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: the framework hands each definition the context of its own manifest
  readonly setup: (module: any) => ModuleHooks | undefined | Promise<ModuleHooks | undefined>;
}

/**
 * Defines a module of the contracts. Set-up registers commands and subscriptions; nothing may be called before `ready`.
 *
 * A module with a manifest of its own gives its types: `defineModule<MyManifest, MyInterfaces>('MyModule', …)`.
 */
export function defineModule<N extends keyof Manifests>(
  name: N,
  setup: (module: Module<N>) => ModuleHooks | undefined | Promise<ModuleHooks | undefined>,
): ModuleDefinition;
export function defineModule<M extends ManifestShape, I extends object = Interfaces>(
  name: string,
  setup: (module: ModuleOf<M, I>) => ModuleHooks | undefined | Promise<ModuleHooks | undefined>,
): ModuleDefinition;
export function defineModule(name: string, setup: ModuleDefinition['setup']): ModuleDefinition {
  return { name, setup };
}
