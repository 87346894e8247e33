import type { Clock, Timer } from '@chargemesh/base';
import type { Bus, BusMessage, LastWill, Topics } from '@chargemesh/framework';

/** A last will may only mean that the manager's connection broke: within this time it is back as the same. */
const RETURNS_WITHIN_MS = 5_000;

type RunOptions = Readonly<Record<string, string>>;

/** What a manager says of itself, retained. `stopped` is its good-bye, `gone` its last will. */
type ManagerStatus =
  | { readonly state: 'running'; readonly options: RunOptions }
  | { readonly state: 'stopped' | 'gone' };

/** How a manager says on the bus that it is there, and with which options, for modules that it did not start itself. */
export class ManagerPresence {
  readonly #topics: Topics;
  readonly #options: RunOptions;

  /** @param options of this run, with its `run`, by which one start of a manager is told from the next */
  constructor(topics: Topics, options: RunOptions) {
    // Whoever reaches the broker can read it: no secrets. A module that needs one has it from whoever starts that module.
    const { password, ...open } = options;
    this.#topics = topics;
    this.#options = open;
  }

  /** The last will with which the manager's connection has to be opened. */
  static will(topics: Topics): LastWill {
    return { topic: statusTopic(topics), payload: encode({ state: 'gone' }), retain: true };
  }

  /** @throws BusError where there is no connection */
  announce(bus: Bus): Promise<void> {
    return this.#say(bus, { state: 'running', options: this.#options });
  }

  /** @throws BusError where there is no connection */
  leave(bus: Bus): Promise<void> {
    return this.#say(bus, { state: 'stopped' });
  }

  #say(bus: Bus, status: ManagerStatus): Promise<void> {
    return bus.publish(statusTopic(this.#topics), encode(status), { retain: true });
  }
}

/**
 * How a module that its manager did not start hears of it. EVerest's manager says nothing here: with that one a module lives until it
 * is told to shut down, or a signal.
 */
export class ManagerWatch {
  readonly #clock: Clock;
  readonly #topics: Topics;
  readonly #heard = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<string>();
  #options: RunOptions | undefined;
  #absence: Timer | undefined;

  private constructor(clock: Clock, topics: Topics) {
    this.#clock = clock;
    this.#topics = topics;
  }

  /** Begins to listen. The subscription ends with the bus. */
  static async start(bus: Bus, topics: Topics, clock: Clock): Promise<ManagerWatch> {
    const watch = new ManagerWatch(clock, topics);
    await bus.subscribe([statusTopic(topics), topics.shutdown], (message) => watch.#take(message));
    return watch;
  }

  /** Resolves when the manager is there. */
  get heard(): Promise<void> {
    return this.#heard.promise;
  }

  /** The options of the manager's run; undefined before it was heard. */
  get options(): RunOptions | undefined {
    return this.#options;
  }

  /** Resolves with the reason when that manager ends, was started anew, or tells all modules to end. */
  get gone(): Promise<string> {
    return this.#gone.promise;
  }

  #take({ topic, payload }: BusMessage): void {
    if (payload === '') return;
    if (topic === this.#topics.shutdown) {
      this.#gone.resolve('the manager tells all modules to end');
      return;
    }
    const status = JSON.parse(payload) as ManagerStatus;
    if (status.state === 'running') this.#takeRunning(status.options);
    else if (!this.#options) return;
    else if (status.state === 'stopped') this.#gone.resolve('the manager ended');
    else this.#absence ??= this.#clock.setTimer(RETURNS_WITHIN_MS, () => this.#gone.resolve('the manager is gone'));
  }

  #takeRunning(options: RunOptions): void {
    this.#absence?.cancel();
    this.#absence = undefined;
    if (this.#options && this.#options.run !== options.run) this.#gone.resolve('the manager was started anew');
    this.#options ??= options;
    this.#heard.resolve();
  }
}

function statusTopic(topics: Topics): string {
  return `${topics.own}manager/status`;
}

function encode(status: ManagerStatus): string {
  return JSON.stringify(status);
}
