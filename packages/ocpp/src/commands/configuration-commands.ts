import type { types } from '@chargemesh/contracts';
import type { Configuration } from '@chargemesh/ocpp-core';

/** GetConfiguration for modules of the mesh: no keys means all of them. */
export function getConfigurationKeys(
  configuration: Configuration,
  keys: readonly string[],
): types.ocpp.GetConfigurationResponse {
  const { configurationKey, unknownKey } = configuration.read(keys);
  return {
    configuration_keys: configurationKey.map(({ key, readonly, value }) => ({
      key,
      read_only: readonly,
      ...(value !== undefined && { value }),
    })),
    unknown_keys: unknownKey,
  };
}

/** Reads variables by their names alone; OCPP 1.6 knows no components. Results stand in the order of the requests. */
export function getVariables(
  configuration: Configuration,
  requests: readonly types.ocpp.GetVariableRequest[],
): types.ocpp.GetVariableResult[] {
  return requests.map(({ component_variable: { variable } }) => {
    const value = configuration.read([variable.name]).configurationKey[0]?.value;
    const known = { component_variable: componentVariable(variable.name), attribute_type: 'Actual' } as const;
    return value === undefined ? { ...known, status: 'UnknownVariable' } : { ...known, status: 'Accepted', value };
  });
}

/** Sets variables by the rules of ChangeConfiguration. */
export function setVariables(
  configuration: Configuration,
  requests: readonly types.ocpp.SetVariableRequest[],
): types.ocpp.SetVariableResult[] {
  return requests.map(({ component_variable: { variable }, value }) => {
    const status = configuration.change(variable.name, value);
    return {
      status: status === 'NotSupported' ? 'UnknownVariable' : status,
      component_variable: componentVariable(variable.name),
      attribute_type: 'Actual',
    };
  });
}

function componentVariable(name: string): types.ocpp.ComponentVariable {
  return { component: { name: '' }, variable: { name } };
}
