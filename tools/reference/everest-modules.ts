/** A module of EVerest, and what takes its place where it has no code here. */
export interface EverestModule {
  readonly name: string;
  readonly instead?: string;
}

const apiModule = 'a program outside speaks to the mesh by [topics](topics.md), or as a module of its own';
const dc = 'DC is not there yet';
const iso15118 = 'cars are charged by control pilot alone';

/** EVerest's modules for the simulated station, its services and its programs outside, by what they are for. Drivers for hardware are none of them. */
export const everestModules: Readonly<Record<string, readonly EverestModule[]>> = {
  'An EVSE': [{ name: 'EvseManager' }],
  'Cards and reservations': [
    { name: 'Auth' },
    { name: 'DummyTokenProvider' },
    { name: 'DummyTokenProviderManual' },
    { name: 'DummyTokenValidator' },
  ],
  OCPP: [
    { name: 'OCPP' },
    { name: 'OCPPmulti', instead: 'with `Mode: Only1.6` it is OCPP' },
    { name: 'OCPP201', instead: 'OCPP 1.6 is what is spoken' },
    { name: 'OCPPExtensionExample', instead: 'see [Write a module](../tutorials/write-a-module.md)' },
  ],
  Energy: [
    { name: 'EnergyManager' },
    { name: 'EnergyNode' },
    { name: 'AcTemperatureDerating', instead: 'limits from outside enter at an EnergyNode' },
  ],
  'Station services': [
    { name: 'ErrorHistory' },
    { name: 'EvseSecurity' },
    { name: 'PersistentStore' },
    { name: 'Setup' },
    { name: 'System' },
    { name: 'TerminalCostAndPriceMessage' },
    { name: 'TerminalDisplayMessage' },
  ],
  'Programs outside': [
    { name: 'API' },
    { name: 'EvAPI' },
    { name: 'RpcApi', instead: apiModule },
    ...[
      'auth_consumer_API',
      'auth_token_provider_API',
      'auth_token_validator_API',
      'dc_external_derate_consumer_API',
      'display_message_API',
      'error_history_consumer_API',
      'ev_board_support_API',
      'evse_board_support_API',
      'evse_manager_consumer_API',
      'evse_security_consumer_API',
      'external_energy_limits_consumer_API',
      'generic_error_raiser_API',
      'isolation_monitor_API',
      'ocpp_consumer_API',
      'over_voltage_monitor_API',
      'power_supply_DC_API',
      'powermeter_API',
      'session_cost_API',
      'session_cost_consumer_API',
      'slac_API',
      'system_API',
    ].map((name) => ({ name, instead: apiModule })),
  ],
  'Boards and cars in software': [
    { name: 'EvManager' },
    { name: 'SlacSimulator' },
    { name: 'YetiSimulator' },
    { name: 'DCSupplySimulator', instead: dc },
    { name: 'IMDSimulator', instead: dc },
    { name: 'OVMSimulator', instead: dc },
    { name: 'TemperatureSensorSimulator', instead: 'YetiSimulator says its temperatures itself' },
  ],
  'ISO 15118': [
    { name: 'EvseV2G', instead: iso15118 },
    { name: 'PyEvJosev', instead: iso15118 },
    { name: 'Evse15118D20', instead: iso15118 },
    { name: 'IsoMux', instead: iso15118 },
  ],
  Hardware: [
    {
      name: 'GenericPowermeter',
      instead: 'a driver module of your own: see [Write a module](../tutorials/write-a-module.md)',
    },
    { name: 'SerialCommHub', instead: 'a driver module of your own' },
  ],
};
