import { expect, test } from '@jest/globals';
import { type Fault, loadContracts } from '../src/index.ts';
import { describeWithReference, type RecordedMessage, recordedBuses } from './reference.ts';

/** Module ids of the recorded configuration. */
const MODULES: Readonly<Record<string, string>> = {
  api: 'API',
  auth: 'Auth',
  car_simulator: 'EvManager',
  connector_1: 'EvseManager',
  energy_manager: 'EnergyManager',
  error_history: 'ErrorHistory',
  evse_security: 'EvseSecurity',
  grid_connection_point: 'EnergyNode',
  ocpp: 'OCPP',
  ocpp_sink_0: 'EnergyNode',
  ocpp_sink_1: 'EnergyNode',
  persistent_store: 'PersistentStore',
  system: 'System',
  token_provider_manual: 'DummyTokenProviderManual',
  yeti_driver: 'YetiSimulator',
};

/** Where the reference sends what its own contracts forbid. */
const KNOWN = [
  /^energy energy_flow_request .*\.ac_number_of_active_phases is 0, must be at least 1$/,
  /^evse_manager supported_energy_transfer_modes data has 0 items, at least 1 are needed$/,
  /^evse_manager session_event data\.timestamp is "", /,
];

const contracts = loadContracts();
const { validators } = contracts;

function faultsOf({ topic, payload }: RecordedMessage): string[] {
  const parts = /^everest\/modules\/([^/]+)\/impl\/([^/]+)\/(var|cmd)\/([^/]+)(\/response\/)?/.exec(topic);
  if (!parts) return [];
  const [, id = '', implementation = '', kind, name = '', response] = parts;
  const provision = contracts.manifest(MODULES[id] ?? id).provides[implementation];
  if (!provision) return [`${topic}: there is no such implementation`];
  const { data } = JSON.parse(payload);
  const check = (): readonly Fault[] => {
    if (kind === 'var') return validators.variable(provision.interface, name)(data.data);
    if (!response) return validators.sentCommandArgs(provision.interface, name)(data.args);
    return 'error' in data.data ? [] : validators.commandResult(provision.interface, name)(data.data.retval);
  };
  return check()
    .map((fault) => `${provision.interface} ${name} ${fault.path} ${fault.message}`)
    .filter((text) => !KNOWN.some((known) => known.test(text)));
}

describeWithReference('what the reference sent fits the contracts', () => {
  test.each(recordedBuses())('%s', (_, messages) => {
    expect(messages.length).toBeGreaterThan(100);
    expect([...new Set(messages.flatMap(faultsOf))]).toEqual([]);
  });
});
