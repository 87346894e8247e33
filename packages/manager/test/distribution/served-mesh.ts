import { silentLogger, VirtualClock } from '@chargemesh/base';
import { type Contracts, loadContracts } from '@chargemesh/contracts';
import { type Bus, MemoryBroker, Topics } from '@chargemesh/framework';
import type { ParameterId } from '../../src/distribution/config-request.ts';
import { ConfigService, type MeshConfiguration, WorkingConfiguration } from '../../src/index.ts';

/** A configuration service on a bus in memory, and a client that asks it. */
export class ServedMesh {
  readonly clock: VirtualClock = new VirtualClock();
  readonly topics: Topics = new Topics();
  readonly bus: Bus;
  /** What was written down. */
  readonly saved: [ParameterId, unknown][] = [];
  /** Modules that count as running. */
  readonly running: Set<string> = new Set();
  /** Set it, and nothing can be written down. */
  saveError: Error | undefined;
  readonly #service: ConfigService;

  constructor(configuration: MeshConfiguration, contracts: Contracts = loadContracts()) {
    const broker = new MemoryBroker();
    this.bus = broker.connect();
    this.#service = new ConfigService({
      bus: broker.connect(),
      topics: this.topics,
      clock: this.clock,
      log: silentLogger,
      contracts,
      configuration: new WorkingConfiguration(configuration),
      store: {
        save: (parameter, value) => {
          if (this.saveError) throw this.saveError;
          this.saved.push([parameter, value]);
        },
      },
      isRunning: (id) => this.running.has(id),
    });
  }

  async start(): Promise<void> {
    await this.#service.start();
  }

  /** Sends a request as it is. @returns what came back to this module, as text */
  async send(origin: string, payload: string): Promise<string[]> {
    const answers: string[] = [];
    const subscription = await this.bus.subscribe([this.topics.moduleResponse(origin)], (message) =>
      answers.push(message.payload),
    );
    await this.bus.publish(this.topics.configRequest, payload);
    await this.clock.settle();
    await this.clock.advance(10_000);
    await subscription.close();
    return answers;
  }

  /** Asks for something. @returns the answer's text */
  async get(origin: string, request: object): Promise<string | undefined> {
    const data = { type: 'Get', origin, request };
    const [answer] = await this.send(origin, JSON.stringify({ msg_type: 'ConfigurationRequest', data }));
    return answer;
  }

  /** Sets a value. @returns the answer's data */
  async set(origin: string, moduleId: string, name: string, value: string, implementation?: string): Promise<unknown> {
    const identifier = {
      module_id: moduleId,
      configuration_parameter_name: name,
      ...(implementation !== undefined && { module_implementation_id: implementation }),
    };
    const data = { type: 'Set', origin, request: { identifier, value } };
    const [answer = 'null'] = await this.send(origin, JSON.stringify({ msg_type: 'ConfigurationRequest', data }));
    return JSON.parse(answer)?.data;
  }
}
