import { type Clock, type Logger, messageOf } from '@chargemesh/base';
import type { ConfigEntry, ConfigValue, Contracts } from '@chargemesh/contracts';
import { type Bus, encodeEnvelope, openEnvelope, type Topics } from '@chargemesh/framework';
import { isObject } from '../config/merge-patch.ts';
import { rightsOf } from './access.ts';
import { type ConfigRequest, type ParameterId, readConfigRequest } from './config-request.ts';
import { moduleAnswer, wireMapping } from './module-answer.ts';
import { MODULE_LEVEL, wireParameter, wireParameters } from './parameters.ts';
import type { WorkingConfiguration } from './working-configuration.ts';

/** How long a module may take to accept a new value. */
const SET_WITHIN_MS = 5_000;

/** Keeps values that were set while the mesh runs. */
export interface ValueStore {
  /** @throws whatever keeps it from being written */
  save(parameter: ParameterId, value: ConfigValue): void;
}

/** What the service stands on. */
export interface ConfigServiceOptions {
  readonly bus: Bus;
  readonly topics: Topics;
  readonly clock: Clock;
  readonly log: Logger;
  readonly contracts: Contracts;
  readonly configuration: WorkingConfiguration;
  readonly store: ValueStore;
  /** Whether a module is there to be told of a new value. */
  readonly isRunning: (moduleId: string) => boolean;
}

type SetOutcome = 'Accepted' | 'Rejected' | 'RebootRequired';

/** Answers modules that ask for their configuration, or change it. @see reference bus.md 1.5 */
export class ConfigService {
  readonly #options: ConfigServiceOptions;

  constructor(options: ConfigServiceOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { bus, topics, log } = this.#options;
    await bus.subscribe([topics.configRequest], ({ topic, payload }) => {
      if (payload === '') return;
      this.#take(payload).catch((error) => log.warn(`${topic}: ${messageOf(error)}`));
    });
  }

  async #take(payload: string): Promise<void> {
    const { bus, topics, log } = this.#options;
    const request = readConfigRequest(openEnvelope(payload).data);
    if (!request) {
      log.warn(`dropped a configuration request that says not who asks for what`, { payload: payload.slice(0, 200) });
      return;
    }
    const answer = await this.#answer(request);
    await bus.publish(topics.moduleResponse(request.origin), encodeEnvelope('ConfigurationResponse', answer));
  }

  async #answer(request: ConfigRequest): Promise<unknown> {
    const { modules } = this.#options.configuration;
    const asker = modules.get(request.origin);
    if (!asker) return { response: null, status: 'Error', status_info: `Unknown origin module: ${request.origin}` };
    switch (request.kind) {
      case 'Module':
        return got('Module', moduleAnswer(asker, modules));
      case 'AllMappings':
        return got(
          'AllMappings',
          Object.fromEntries([...modules].map(([id, { mapping }]) => [id, wireMapping(mapping)])),
        );
      case 'All': {
        const readable = [...modules].filter(([id]) => rightsOf(asker, id).read);
        return got(
          'All',
          Object.fromEntries(
            readable.map(([id, module]) => [
              id,
              wireParameters(module, { readOnlyAsWritable: rightsOf(asker, id).setReadOnly }),
            ]),
          ),
        );
      }
      case 'Value':
        return this.#value(request.origin, request.parameter);
      case 'Set':
        return this.#set(request.origin, request.parameter, request.value);
    }
  }

  #value(origin: string, parameter: ParameterId): unknown {
    const { configuration } = this.#options;
    const asker = configuration.modules.get(origin);
    const nothing = { response: { data: null, type: 'Value' }, type: 'Get' };
    if (asker && !rightsOf(asker, parameter.moduleId).read)
      return { ...nothing, status: 'AccessDenied', status_info: `${origin} may not read ${nameOf(parameter)}` };
    const found = configuration.find(parameter);
    if (!found) return { ...nothing, status: 'Error', status_info: `there is no parameter ${nameOf(parameter)}` };
    return got('Value', wireParameter(parameter.name, found.entry, found.value));
  }

  async #set(origin: string, parameter: ParameterId, text: string): Promise<unknown> {
    const { configuration, store, log } = this.#options;
    const asker = configuration.modules.get(origin);
    const answer = (status: string, info: string, outcome: SetOutcome): unknown => ({
      response: { status: outcome, status_info: info },
      status,
      status_info: '',
      type: 'Set',
    });
    if (asker && !rightsOf(asker, parameter.moduleId).write)
      return answer('AccessDenied', `${origin} may not set ${nameOf(parameter)}`, 'Rejected');
    const found = configuration.find(parameter);
    if (!found) return answer('Error', `there is no parameter ${nameOf(parameter)}`, 'Rejected');
    const value = parseValue(found.entry, text);
    const fault = value === undefined ? `it has to be of type ${found.entry.type}` : this.#fault(parameter, value);
    if (value === undefined || fault !== undefined) return answer('Ok', fault ?? '', 'Rejected');
    try {
      store.save(parameter, value);
    } catch (error) {
      log.error(`${nameOf(parameter)} could not be kept: ${messageOf(error)}`);
      return answer('Ok', messageOf(error), 'Rejected');
    }
    configuration.set(parameter, value);
    const applied = found.entry.mutability === 'ReadWrite' && (await this.#forward(parameter, text));
    return answer('Ok', '', applied ? 'Accepted' : 'RebootRequired');
  }

  #fault({ moduleId, implementationId, name }: ParameterId, value: ConfigValue): string | undefined {
    const { configuration, contracts } = this.#options;
    const module = configuration.modules.get(moduleId);
    if (!module || !contracts.findManifest(module.name)) return undefined;
    const ofModule = implementationId === MODULE_LEVEL;
    const values = ofModule ? module.config : module.implementations[implementationId];
    const validate = contracts.validators.config(module.name, ofModule ? undefined : implementationId);
    return validate({ ...values, [name]: value }).find(({ path }) => path === name)?.message;
  }

  /** Tells the module. @returns whether it took the value */
  async #forward(parameter: ParameterId, text: string): Promise<boolean> {
    const { bus, topics, clock, isRunning } = this.#options;
    if (!isRunning(parameter.moduleId)) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const subscription = await bus.subscribe([topics.setResponse(parameter.moduleId)], ({ payload }) => {
      const { data } = openEnvelope(payload);
      resolve(isObject(data) && isObject(data.response) && data.response.status === 'Accepted');
    });
    const timer = clock.setTimer(SET_WITHIN_MS, () => resolve(false));
    try {
      const identifier = {
        configuration_parameter_name: parameter.name,
        module_id: parameter.moduleId,
        module_implementation_id: parameter.implementationId,
      };
      const request = encodeEnvelope('ConfigurationRequest', { identifier, value: text });
      await bus.publish(topics.setRequest(parameter.moduleId), request);
      return await promise;
    } finally {
      timer.cancel();
      await subscription.close();
    }
  }
}

function got(type: string, data: unknown): unknown {
  return { response: { data, type }, status: 'Ok', status_info: '', type: 'Get' };
}

function nameOf({ moduleId, implementationId, name }: ParameterId): string {
  return implementationId === MODULE_LEVEL ? `${moduleId}.${name}` : `${moduleId}.${implementationId}.${name}`;
}

/** Values travel as text. `true` and `1` are true, as the reference reads them; all other text is false. */
function parseValue({ type }: ConfigEntry, text: string): ConfigValue | undefined {
  switch (type) {
    case 'string':
      return text;
    case 'boolean':
      return text === 'true' || text === '1';
    case 'integer':
      return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
    case 'number': {
      const value = Number(text);
      return text.trim() !== '' && Number.isFinite(value) ? value : undefined;
    }
  }
}
