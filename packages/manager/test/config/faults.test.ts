import { describe, expect, test } from '@jest/globals';
import { type CheckTextOptions, checkText, marksOf, placeOf } from './check-text.ts';

interface Variant {
  readonly what: string;
  /** The place of the finding is marked with «. */
  readonly text: string;
  readonly options?: CheckTextOptions;
  readonly code: string;
  readonly severity?: 'warning';
  /** What message and remedy together have to name. */
  readonly names: readonly string[];
}

/** A mesh of these modules, without the word above them. */
const mesh = (modules: string): string => `active_modules:\n${modules}`;

const reader = `  reader: {module: DummyTokenProviderManual}\n`;
const store = `  store: {module: PersistentStore}\n`;

/** An EnergyNode in whose place the text stands. */
const node = (config: string): string =>
  mesh(`  manager: {module: EnergyManager, connections: {energy_trunk: [{module_id: grid, implementation_id: energy_grid}]}}
  grid:
    module: EnergyNode
${config}
    connections: {energy_consumer: [{module_id: played, implementation_id: energy_grid}]}
  played: {module: ProbeModule}
`);

/** An Auth in a mesh that a test plays. */
const auth = (config: string, more = ''): string =>
  mesh(`  auth:
    module: Auth
    config_module: ${config}
    connections:
      token_provider: [{module_id: reader, implementation_id: main}]
      token_validator: [{module_id: played, implementation_id: validator}]
      evse_manager: [{module_id: played, implementation_id: evse}]
${more}  played: {module: ProbeModule}
${reader}`);

const variants: readonly Variant[] = [
  {
    what: 'text that is no YAML',
    text: 'active_modules:\n  store: {module: PersistentStore\n«',
    code: 'CONFIG_YAML',
    names: ['no YAML', 'end with a }'],
  },
  {
    what: 'a key that stands twice',
    text: mesh(`  store: {module: PersistentStore}\n  «store: {module: PersistentStore}\n`),
    code: 'CONFIG_DUPLICATE_KEY',
    names: ['a second time'],
  },
  {
    what: 'an empty file',
    text: '«',
    code: 'CONFIG_NO_MODULES',
    names: ['no modules', '"active_modules"'],
  },
  {
    what: 'no module at all',
    text: 'active_modules: «{}\n',
    code: 'CONFIG_NO_MODULES',
    names: ['no modules'],
  },
  {
    what: 'an energy node that feeds itself',
    text: mesh(`  manager: {module: EnergyManager, connections: {energy_trunk: [{module_id: grid, implementation_id: energy_grid}]}}
  grid:
    module: EnergyNode
    config_module: {fuse_limit_A: 40, phase_count: 3}
    connections: {energy_consumer: [{module_id: «grid, implementation_id: energy_grid}]}
`),
    code: 'CONFIG_ENERGY_LOOP',
    names: ['its own consumer', 'tree'],
  },
  {
    what: 'an unknown key at the top',
    text: '«active_module:\n  store: {module: PersistentStore}\n',
    code: 'CONFIG_UNKNOWN_KEY',
    names: ['"active_module"', 'did you mean "active_modules"?'],
  },
  {
    what: 'an unknown key of a module',
    text: mesh('  store: {module: PersistentStore, «config: {}}\n'),
    code: 'CONFIG_UNKNOWN_KEY',
    names: ['"config"', 'config_module'],
  },
  {
    what: 'an unknown setting',
    text: `settings: {«mqtt_broker_hosts: localhost}\n${mesh(store)}`,
    code: 'CONFIG_UNKNOWN_KEY',
    names: ['did you mean "mqtt_broker_host"?'],
  },
  {
    what: 'an id that no topic could hold',
    text: mesh('  «store/1: {module: PersistentStore}\n'),
    code: 'CONFIG_NAME',
    names: ['"store/1"', 'letters, digits'],
  },
  {
    what: 'a name that no module could have',
    text: mesh('  store: {module: «"Persistent Store"}\n'),
    code: 'CONFIG_NAME',
    names: ['"Persistent Store"'],
  },
  {
    what: 'a module without its name',
    text: mesh('  «store: {config_module: {}}\n'),
    code: 'CONFIG_MISSING_KEY',
    names: ['"module"', 'add module:'],
  },
  {
    what: 'modules as a list',
    text: 'active_modules:\n  «- module: PersistentStore\n',
    code: 'CONFIG_TYPE',
    names: ['a list', 'keys with values'],
  },
  {
    what: 'connections of a requirement that are no list',
    text: mesh(`  manager:
    module: EnergyManager
    connections:
      energy_trunk: «{module_id: grid, implementation_id: energy_grid}
`),
    code: 'CONFIG_TYPE',
    names: ['a mapping', 'lines that begin with "-"'],
  },
  {
    what: 'a value that is a list',
    text: mesh('  store: {module: PersistentStore, config_module: {sqlite_db_file_path: «[a, b]}}\n'),
    code: 'CONFIG_TYPE',
    names: ['a list', 'a single value'],
  },
  {
    what: 'a value that was left empty',
    text: mesh('  store:\n    module: PersistentStore\n    config_module:\n      sqlite_db_file_path:«\n'),
    code: 'CONFIG_TYPE',
    names: ['empty', 'a single value'],
  },
  {
    what: 'a port that there cannot be',
    text: `settings: {mqtt_broker_port: «70000}\n${mesh(store)}`,
    code: 'CONFIG_RANGE',
    names: ['70000', '0 to 65535'],
  },
  {
    what: 'a module that nobody knows',
    text: mesh('  store: {module: «PersistentStor}\n'),
    code: 'CONFIG_MODULE_UNAVAILABLE',
    names: ['PersistentStor', '(store)', 'did you mean "PersistentStore"?'],
  },
  {
    what: 'a module that has a manifest and no code here',
    text: mesh(`  store: {module: «PersistentStore}\n  other: {module: PersistentStore}\n`),
    options: { withoutCode: ['PersistentStore'] },
    code: 'CONFIG_MODULE_UNAVAILABLE',
    names: ['PersistentStore', '(store, other)', '--modules DIR'],
  },
  {
    what: 'a configuration key that the module does not have',
    text: mesh('  store: {module: PersistentStore, config_module: {«sqlite_db_path: a.db}}\n'),
    code: 'CONFIG_PARAMETER_UNKNOWN',
    severity: 'warning',
    names: ['"sqlite_db_path"', 'ignored', 'sqlite_db_file_path'],
  },
  {
    what: 'a number in quotes',
    text: auth('{connection_timeout: «"20"}'),
    code: 'CONFIG_VALUE_TYPE',
    names: ['connection_timeout', 'the text "20"', 'a whole number', 'write 20 without quotes'],
  },
  {
    what: 'a number with a fraction where a whole one belongs',
    text: auth('{connection_timeout: «20.5}'),
    code: 'CONFIG_VALUE_TYPE',
    names: ['20.5', 'not a whole number'],
  },
  {
    what: 'a whole number that is written as another kind of number',
    text: auth('{connection_timeout: «20.0}'),
    code: 'CONFIG_VALUE_TYPE',
    names: ['written 20.0'],
  },
  {
    what: 'a whole number of more than 32 bits',
    text: auth('{connection_timeout: «2147483648}'),
    code: 'CONFIG_VALUE_TYPE',
    names: ['2147483648', '32 bits'],
  },
  {
    what: 'a number where text belongs',
    text: mesh('  store: {module: PersistentStore, config_module: {sqlite_db_file_path: «7}}\n'),
    code: 'CONFIG_VALUE_TYPE',
    names: ['sqlite_db_file_path', 'text: write "7"'],
  },
  {
    what: 'a boolean of YAML 1.1, which is text',
    text: auth('{connection_timeout: 20, plug_in_timeout_enabled: «yes}'),
    code: 'CONFIG_VALUE_TYPE',
    names: ['plug_in_timeout_enabled', 'the text "yes"', 'write true'],
  },
  {
    what: 'a value above its maximum',
    text: node('    config_module: {fuse_limit_A: 63.0, phase_count: «4}'),
    code: 'CONFIG_VALUE',
    names: ['phase_count', 'at least 0, at most 3'],
  },
  {
    what: 'a value that is none of those that may be',
    text: mesh(`  manager:
    module: EnergyManager
    config_module: {switch_3ph1ph_while_charging_mode: «Newer}
    connections: {energy_trunk: [{module_id: played, implementation_id: energy_grid}]}
  played: {module: ProbeModule}
`),
    code: 'CONFIG_VALUE',
    names: ['switch_3ph1ph_while_charging_mode', 'did you mean "Never"?'],
  },
  {
    what: 'a value that has to be given',
    text: node('    «config_module: {phase_count: 3}'),
    code: 'CONFIG_VALUE_MISSING',
    names: ['EnergyNode', '"fuse_limit_A"', 'a number, at least 0', 'config_module'],
  },
  {
    what: 'values for an implementation that there is not',
    text: mesh(`  reader: {module: DummyTokenProviderManual, config_implementation: {«mein: {mqtt_topic: a}}}\n`),
    code: 'CONFIG_IMPLEMENTATION_UNKNOWN',
    names: ['DummyTokenProviderManual', '"mein"', 'did you mean "main"?'],
  },
  {
    what: 'a requirement that there is not',
    text: mesh(`  manager:
    module: EnergyManager
    connections:
      energy_trunk: [{module_id: played, implementation_id: energy_grid}]
      «energy_trunks: []
  played: {module: ProbeModule}
`),
    code: 'CONFIG_REQUIREMENT_UNKNOWN',
    names: ['EnergyManager', '"energy_trunks"', 'did you mean "energy_trunk"?'],
  },
  {
    what: 'a requirement that is not connected',
    text: mesh('  «manager: {module: EnergyManager}\n'),
    code: 'CONFIG_REQUIREMENT_UNCONNECTED',
    names: ['EnergyManager needs energy_trunk', 'an implementation of energy'],
  },
  {
    what: 'a requirement with too many connections',
    text: mesh(`  manager:
    module: EnergyManager
    connections:
      «energy_trunk:
        - {module_id: played, implementation_id: a}
        - {module_id: played, implementation_id: b}
  played: {module: ProbeModule}
`),
    code: 'CONFIG_CONNECTION_COUNT',
    names: ['energy_trunk of EnergyManager has 2 connections', 'it takes 1'],
  },
  {
    what: 'a connection to a module that is not there',
    text: mesh(`  manager: {module: EnergyManager, connections: {energy_trunk: [{module_id: «grit, implementation_id: energy_grid}]}}
  grid:
    module: EnergyNode
    config_module: {fuse_limit_A: 63.0}
    connections: {energy_consumer: [{module_id: played, implementation_id: energy_grid}]}
  played: {module: ProbeModule}
`),
    code: 'CONFIG_CONNECTION_MODULE',
    names: ['"grit"', 'did you mean "grid"?'],
  },
  {
    what: 'a connection to an implementation that is not there',
    text: node('    config_module: {fuse_limit_A: 63.0}').replace(
      'grid, implementation_id: energy_grid',
      'grid, implementation_id: «energy',
    ),
    code: 'CONFIG_CONNECTION_IMPLEMENTATION',
    names: ['grid (EnergyNode)', '"energy"', 'energy_grid'],
  },
  {
    what: 'a connection to an implementation of another interface',
    text: node('    config_module: {fuse_limit_A: 63.0}').replace(
      'grid, implementation_id: energy_grid',
      'grid, implementation_id: «external_limits',
    ),
    code: 'CONFIG_CONNECTION_INTERFACE',
    names: ['grid.external_limits', 'external_energy_limits', 'energy is needed here', 'grid.energy_grid'],
  },
  {
    what: 'a mapping of an implementation that there is not',
    text: mesh(`  reader:
    module: DummyTokenProviderManual
    mapping: {implementations: {«mein: {evse: 1}}}
`),
    code: 'CONFIG_MAPPING_IMPLEMENTATION',
    severity: 'warning',
    names: ['"mein"', 'ignored', 'did you mean "main"?'],
  },
  {
    what: 'a mapping that contradicts its module',
    text: mesh(`  reader:
    module: DummyTokenProviderManual
    mapping: {module: {evse: 1}, implementations: {main: {evse: «2}}}
`),
    code: 'CONFIG_MAPPING_MISMATCH',
    severity: 'warning',
    names: ['reader.main', 'EVSE 2', 'EVSE 1'],
  },
  {
    what: 'a mapping without an EVSE',
    text: mesh(`  reader: {module: DummyTokenProviderManual, mapping: {«module: {connector: 1}}}\n`),
    code: 'CONFIG_MISSING_KEY',
    names: ['"evse"'],
  },
  {
    what: 'two modules that a test plays',
    text: mesh('  first: {module: ProbeModule}\n  second: {module: «ProbeModule}\n'),
    code: 'CONFIG_PROBE',
    names: ['more than one ProbeModule', 'first'],
  },
  {
    what: 'prefixes that are equal',
    text: `settings: {mqtt_everest_prefix: mesh/, mqtt_external_prefix: «mesh}\n${mesh(store)}`,
    code: 'CONFIG_PREFIX',
    names: ['"mesh"'],
  },
  {
    what: 'a broker as a socket and as a host',
    text: `settings: {mqtt_broker_host: localhost, mqtt_broker_socket_path: «/run/broker.sock}\n${mesh(store)}`,
    code: 'CONFIG_BROKER',
    names: ['a socket', 'a host'],
  },
  {
    what: 'a broker as a socket and in the environment',
    text: `settings: {mqtt_broker_socket_path: «/run/broker.sock}\n${mesh(store)}`,
    options: { environment: { MQTT_SERVER_ADDRESS: 'broker' } },
    code: 'CONFIG_BROKER',
    names: ['a socket', 'MQTT_SERVER_ADDRESS'],
  },
  {
    what: 'a sink of the API that belongs to no EVSE',
    text: mesh(`  api:
    module: API
    connections:
      evse_manager: [{module_id: played, implementation_id: evse}]
      evse_energy_sink:
        - {module_id: mapped, implementation_id: external_limits}
        - {module_id: «grid, implementation_id: external_limits}
  mapped:
    module: EnergyNode
    config_module: {fuse_limit_A: 63.0}
    connections: {energy_consumer: [{module_id: played, implementation_id: energy_grid}]}
    mapping: {module: {evse: 1}}
  grid:
    module: EnergyNode
    config_module: {fuse_limit_A: 63.0}
    connections: {energy_consumer: [{module_id: played, implementation_id: energy_grid}]}
  played: {module: ProbeModule}
`),
    code: 'API_SINK_MAPPING',
    names: ['grid has no mapping', 'mapping: {module: {evse: N}}'],
  },
  {
    what: 'the selection algorithm that exists in name only',
    text: auth('{connection_timeout: 20, selection_algorithm: «UserInput}'),
    code: 'AUTH_SELECTION_ALGORITHM',
    names: ['UserInput is not implemented', 'PlugEvents'],
  },
  {
    what: 'a selection algorithm that there is not',
    text: auth('{connection_timeout: 20, selection_algorithm: «PlugEvent}'),
    code: 'AUTH_SELECTION_ALGORITHM',
    names: ['did you mean "PlugEvents"?'],
  },
  {
    what: 'schedules that end before the next is published',
    text: ocpp('{PublishChargingScheduleIntervalS: 60, PublishChargingScheduleDurationS: «60}'),
    code: 'OCPP_SCHEDULE_DURATION',
    severity: 'warning',
    names: ['PublishChargingScheduleDurationS', '60 s'],
  },
  {
    what: 'a module on the command line that there is not',
    text: `«${mesh(store)}`,
    options: { selection: { standalone: ['stor'] } },
    code: 'CONFIG_SELECTION',
    names: ['"stor"', 'did you mean "store"?'],
  },
];

/** An OCPP module in a mesh that a test plays. */
function ocpp(config: string): string {
  return mesh(`  ocpp:
    module: OCPP
    config_module: ${config}
    connections:
      evse_manager: [{module_id: played, implementation_id: evse}]
      auth: [{module_id: played, implementation_id: auth}]
      reservation: [{module_id: played, implementation_id: reservation}]
      system: [{module_id: played, implementation_id: system}]
      security: [{module_id: played, implementation_id: security}]
  played: {module: ProbeModule}
`);
}

describe('a configuration with one fault says what, where and what would be right', () => {
  test.each(variants)('$what', ({ text, options, code, severity = 'error', names }) => {
    const { findings } = checkText(text, options);
    expect(findings.map((finding) => [finding.code, finding.severity, placeOf(finding)])).toEqual([
      [code, severity, ...marksOf(text)],
    ]);
    const said = `${findings[0]?.message}\n${findings[0]?.remedy}`;
    for (const name of names) expect(said).toContain(name);
  });
});

describe('what is no fault', () => {
  test.each([
    ['the smallest mesh', mesh(store)],
    ['a whole number where any number may stand', node('    config_module: {fuse_limit_A: 63}')],
    ['the largest whole number', auth('{connection_timeout: 2147483647}')],
    ['yes as text', mesh('  store: {module: PersistentStore, config_module: {sqlite_db_file_path: yes}}\n')],
    [
      'schedules that are not published',
      ocpp('{PublishChargingScheduleIntervalS: 0, PublishChargingScheduleDurationS: 0}'),
    ],
    ['the layout of a panel', `${mesh(store)}x-module-layout: {store: {position: {x: 1, y: 2}}}\n`],
    ['a mapping to the whole station', mesh('  store: {module: PersistentStore, mapping: {module: {evse: 0}}}\n')],
  ])('%s', (_, text) => {
    expect(checkText(text).findings).toEqual([]);
  });

  test('a module without code that somebody else starts', () => {
    const text = mesh(store);
    expect(
      checkText(text, { withoutCode: ['PersistentStore'], selection: { standalone: ['store'] } }).findings,
    ).toEqual([]);
    expect(checkText(text, { withoutCode: ['PersistentStore'], selection: { ignore: ['store'] } }).findings).toEqual(
      [],
    );
  });
});

test('all faults are said in one pass, in the order of the file', () => {
  const text = `settings: {«mqtt_host: localhost}
active_modules:
  manager:
    module: EnergyManager
    config_module:
      update_interval: «"1"
      switch_3ph1ph_while_charging_mode: «Sometimes
    connections:
      energy_trunk: [{module_id: «nowhere, implementation_id: energy_grid}]
  store:
    module: «PersistentStoor
`;
  const { findings } = checkText(text);
  expect(findings.map(placeOf)).toEqual(marksOf(text));
  expect(findings.map(({ code }) => code)).toEqual([
    'CONFIG_UNKNOWN_KEY',
    'CONFIG_VALUE_TYPE',
    'CONFIG_VALUE',
    'CONFIG_CONNECTION_MODULE',
    'CONFIG_MODULE_UNAVAILABLE',
  ]);
});

test('a key that stands twice hides no other fault; the last one counts', () => {
  const text = `active_modules:
  store: {module: Nothing}
  «store: {module: «PersistentStoor}
  manager: {module: «EnergyManger}
`;
  const { findings } = checkText(text);
  expect(findings.map(placeOf)).toEqual(marksOf(text));
});

test('a ring of energy nodes is told at each of its nodes', () => {
  const ring = (id: string, next: string): string => `  ${id}:
    module: EnergyNode
    config_module: {fuse_limit_A: 40, phase_count: 3}
    connections: {energy_consumer: [{module_id: «${next}, implementation_id: energy_grid}]}
`;
  const text = mesh(ring('a', 'b') + ring('b', 'c') + ring('c', 'a'));
  const { findings } = checkText(text);
  expect(findings.map(({ code }) => code)).toEqual(Array(3).fill('CONFIG_ENERGY_LOOP'));
  expect(findings.map(placeOf)).toEqual(marksOf(text));
});

test('a path tells the way from the top', () => {
  const { findings } = checkText(
    mesh('  manager: {module: EnergyManager, connections: {energy_trunk: [{module_id: no, implementation_id: x}]}}\n'),
  );
  expect(findings[0]?.path).toBe('active_modules.manager.connections.energy_trunk[0].module_id');
});
