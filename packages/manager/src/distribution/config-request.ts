import { isObject } from '../config/merge-patch.ts';
import { MODULE_LEVEL } from './parameters.ts';

/** Which parameter of which module. */
export interface ParameterId {
  readonly moduleId: string;
  /** `!module`, or an implementation. */
  readonly implementationId: string;
  readonly name: string;
}

/** What a module asks the manager for. */
export type ConfigRequest =
  | { readonly origin: string; readonly kind: 'Module' | 'All' | 'AllMappings' }
  | { readonly origin: string; readonly kind: 'Value'; readonly parameter: ParameterId }
  | { readonly origin: string; readonly kind: 'Set'; readonly parameter: ParameterId; readonly value: string };

/**
 * Reads the data of a configuration request.
 * @returns undefined where it cannot be understood; then nobody is answered, since nobody knows whom
 * @see reference bus.md 1.5
 */
export function readConfigRequest(data: unknown): ConfigRequest | undefined {
  if (!isObject(data) || typeof data.origin !== 'string' || !isObject(data.request)) return undefined;
  const { origin, request, type } = data;
  const parameter = readParameterId(request.identifier);
  if (type === 'Set')
    return parameter && typeof request.value === 'string'
      ? { origin, kind: 'Set', parameter, value: request.value }
      : undefined;
  if (type !== 'Get') return undefined;
  switch (request.type) {
    case 'Module':
    case 'All':
    case 'AllMappings':
      return { origin, kind: request.type };
    case 'Value':
      return parameter && { origin, kind: 'Value', parameter };
    default:
      return undefined;
  }
}

function readParameterId(identifier: unknown): ParameterId | undefined {
  if (!isObject(identifier)) return undefined;
  const { module_id, configuration_parameter_name, module_implementation_id = MODULE_LEVEL } = identifier;
  if (typeof module_id !== 'string' || typeof configuration_parameter_name !== 'string') return undefined;
  if (typeof module_implementation_id !== 'string') return undefined;
  return { moduleId: module_id, implementationId: module_implementation_id, name: configuration_parameter_name };
}
