import { ChargemeshError, type Clock } from '@chargemesh/base';
import type { ConfigValue } from '@chargemesh/contracts';
import type { Bus } from '../bus/bus.ts';
import type { Mapping } from '../module/mesh-error.ts';
import { encodeEnvelope, openEnvelope } from '../wire/envelope.ts';
import type { Topics } from '../wire/topics.ts';
import type { Connection, ModuleInfo, ModuleMapping } from './module-info.ts';

/** As the reference: five seconds, and once more. */
const ANSWER_WITHIN_MS = 5_000;
const ATTEMPTS = 2;

interface WireMapping {
  module?: Mapping | null;
  implementations?: Record<string, Mapping | null>;
}

interface WireModule {
  module_config: {
    module_id: string;
    module_name: string;
    connections: Record<string, { module_id: string; implementation_id: string }[]>;
    mapping: WireMapping | null;
    configuration_parameters: Record<string, { name: string; value: ConfigValue }[]>;
    telemetry_config?: { id: number };
  };
  mappings: Record<string, WireMapping | null>;
}

/**
 * Asks the manager what this module is and to whom it is connected.
 * @throws ChargemeshError `MODULE_UNKNOWN` where the configuration has no such id, `MANAGER_SILENT` where nobody answers
 */
export async function fetchModuleInfo(bus: Bus, topics: Topics, clock: Clock, moduleId: string): Promise<ModuleInfo> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const answer = await ask(bus, topics, clock, moduleId);
    if (answer) return readAnswer(moduleId, answer);
  }
  throw new ChargemeshError(
    'MANAGER_SILENT',
    `module ${moduleId}: no manager answers on ${topics.configRequest}; is the mesh running on this broker with this prefix?`,
  );
}

async function ask(bus: Bus, topics: Topics, clock: Clock, moduleId: string): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const subscription = await bus.subscribe([topics.moduleResponse(moduleId)], ({ payload }) => {
    if (payload !== '') resolve(openEnvelope(payload).data);
  });
  const timer = clock.setTimer(ANSWER_WITHIN_MS, () => resolve(undefined));
  try {
    const request = { origin: moduleId, request: { type: 'Module' }, type: 'Get' };
    await bus.publish(topics.configRequest, encodeEnvelope('ConfigurationRequest', request));
    return await promise;
  } finally {
    timer.cancel();
    await subscription.close();
  }
}

function readAnswer(moduleId: string, answer: unknown): ModuleInfo {
  const { status, status_info, response } = answer as {
    status: string;
    status_info: string;
    response: { data: WireModule } | null;
  };
  if (status !== 'Ok' || !response) throw new ChargemeshError('MODULE_UNKNOWN', `module ${moduleId}: ${status_info}`);
  const { module_config: own, mappings } = response.data;
  const parameters = Object.entries(own.configuration_parameters);
  const valuesOf = (list: { name: string; value: ConfigValue }[]): Record<string, ConfigValue> =>
    Object.fromEntries(list.map(({ name, value }) => [name, value]));
  return {
    id: own.module_id,
    name: own.module_name,
    config: valuesOf(own.configuration_parameters['!module'] ?? []),
    implementations: Object.fromEntries(
      parameters.filter(([id]) => id !== '!module').map(([id, list]) => [id, valuesOf(list)]),
    ),
    connections: mapValues(own.connections, (list): Connection[] =>
      list.map(({ module_id, implementation_id }) => ({ moduleId: module_id, implementationId: implementation_id })),
    ),
    mapping: readMapping(own.mapping),
    peers: mapValues(mappings, readMapping),
    telemetryId: own.telemetry_config?.id,
  };
}

function readMapping(mapping: WireMapping | null): ModuleMapping | undefined {
  if (!mapping) return undefined;
  const implementations: Record<string, Mapping> = {};
  for (const [id, value] of Object.entries(mapping.implementations ?? {})) if (value) implementations[id] = value;
  return { ...(mapping.module && { module: mapping.module }), implementations };
}

function mapValues<A, B>(record: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
