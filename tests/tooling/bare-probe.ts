import { connectAsync, type MqttClient } from 'mqtt';

/** A command that the probe was called with. */
export interface ProbeCall {
  readonly implementation: string;
  readonly command: string;
  readonly args: unknown;
}

type Answer = (args: unknown) => unknown;

/** By implementation and command. What is not in it is answered with null. */
type Answers = Readonly<Record<string, Readonly<Record<string, Answer>>>>;

/** A module that a test plays, with nothing but the wire format: topics and envelopes are written out by hand. */
export class BareProbe {
  readonly calls: ProbeCall[] = [];
  /** What others published, by topic below the prefix, in order. */
  readonly heard: { readonly topic: string; readonly value: unknown }[] = [];
  readonly #client: MqttClient;
  readonly #prefix: string;
  readonly #id: string;
  readonly #answers: Answers;
  #calls = 0;

  private constructor(client: MqttClient, prefix: string, id: string, answers: Answers) {
    this.#client = client;
    this.#prefix = prefix;
    this.#id = id;
    this.#answers = answers;
  }

  /** Takes its place on the bus. It says that it is ready by {@link ready}. */
  static async join(
    { port, prefix, id }: { port: number; prefix: string; id: string },
    answers: Answers,
  ): Promise<BareProbe> {
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5 });
    const probe = new BareProbe(client, prefix, id, answers);
    client.on('message', (topic, payload) => probe.#take(topic.slice(prefix.length), payload.toString()));
    await probe.listen(`modules/${id}/response`, `modules/${id}/impl/+/cmd/+`, 'ready');
    return probe;
  }

  async listen(...topics: string[]): Promise<void> {
    await this.#client.subscribeAsync(
      topics.map((topic) => this.#prefix + topic),
      { qos: 2 },
    );
  }

  /** Asks the manager what it is. @returns the data of the answer */
  async fetchConfiguration(): Promise<unknown> {
    const answer = this.next(`modules/${this.#id}/response`);
    await this.#publish('config/request', 'ConfigurationRequest', {
      origin: this.#id,
      request: { type: 'Module' },
      type: 'Get',
    });
    return await answer;
  }

  async ready(): Promise<void> {
    await this.#publish(`modules/${this.#id}/ready`, 'ModuleReady', true);
  }

  async publish(implementation: string, variable: string, data: unknown): Promise<void> {
    await this.#publish(`modules/${this.#id}/impl/${implementation}/var/${variable}`, 'Var', { data });
  }

  /** Calls a command of another module. @returns its value, or its error */
  async call(target: string, command: string, args: unknown): Promise<unknown> {
    const topic = `${target}/cmd/${command}`;
    const id = `call-${++this.#calls}`;
    const response = `${topic}/response/${this.#id}`;
    await this.listen(response);
    const answer = this.next(response);
    await this.#publish(topic, 'Cmd', { args, id, origin: this.#id });
    const { data } = (await answer) as { data: { id: string; retval?: unknown; error?: unknown } };
    return data.error ?? data.retval;
  }

  /** The data of the next message on a topic. */
  next(topic: string): Promise<unknown> {
    return new Promise((resolve) => {
      const listener = (from: string, payload: Buffer): void => {
        if (from !== this.#prefix + topic || payload.length === 0) return;
        this.#client.off('message', listener);
        resolve((JSON.parse(payload.toString()) as { data: unknown }).data);
      };
      this.#client.on('message', listener);
    });
  }

  async leave(): Promise<void> {
    await this.#client.endAsync();
  }

  #take(topic: string, payload: string): void {
    if (payload === '') return;
    const { data } = JSON.parse(payload) as { data: unknown };
    const called = new RegExp(`^modules/${this.#id}/impl/(\\w+)/cmd/(\\w+)$`).exec(topic);
    if (!called) {
      this.heard.push({ topic, value: data });
      return;
    }
    const [, implementation = '', command = ''] = called;
    const { args, id, origin } = data as { args: unknown; id: string; origin: string };
    this.calls.push({ implementation, command, args });
    const answer = this.#answers[implementation]?.[command];
    const retval = answer ? answer(args) : null;
    void this.#publish(`${topic}/response/${origin}`, 'CmdResult', {
      data: { id, origin: this.#id, retval },
      type: 'result',
    });
  }

  async #publish(topic: string, type: string, data: unknown): Promise<void> {
    await this.#client.publishAsync(this.#prefix + topic, JSON.stringify({ data, msg_type: type }), { qos: 2 });
  }
}
