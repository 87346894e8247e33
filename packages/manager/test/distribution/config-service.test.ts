import { beforeEach, describe, expect, test } from '@jest/globals';
import type { MeshConfiguration } from '../../src/index.ts';
import { checkText } from '../config/check-text.ts';
import { ServedMesh } from './served-mesh.ts';

const text = `active_modules:
  grid:
    module: EnergyNode
    mapping: {module: {evse: 0}}
    config_module: {fuse_limit_A: 63, phase_count: 3}
    connections:
      energy_consumer:
        - {module_id: played, implementation_id: energy_a}
        - {module_id: played, implementation_id: energy_b}
    access: {config: {allow_global_read: true, modules: {reader: {allow_write: true}}}}
  reader:
    module: DummyTokenProviderManual
    mapping: {module: {evse: 1, connector: 1}, implementations: {main: {evse: 1, connector: 1}}}
    config_implementation: {main: {mqtt_topic: cards}}
    telemetry: {id: 1}
    capabilities: [CAP_NET_RAW]
  auth:
    module: Auth
    config_module: {connection_timeout: 20}
    connections:
      token_provider: [{module_id: reader, implementation_id: main}]
      token_validator: [{module_id: played, implementation_id: validator}]
      evse_manager: [{module_id: played, implementation_id: evse}]
    access: {config: {allow_set_read_only: true, allow_global_write: true, modules: {reader: {allow_read: true}}}}
  played: {module: ProbeModule}
`;

function configuration(): MeshConfiguration {
  const loaded = checkText(text);
  expect(loaded.findings).toEqual([]);
  if (!loaded.configuration) throw new RangeError('the configuration of this test is broken');
  return loaded.configuration;
}

const parameter = (datatype: string, name: string, value: string, mutability = 'ReadOnly'): string =>
  `{"characteristics":{"datatype":"${datatype}","mutability":"${mutability}"},"name":"${name}","value":${value}}`;

const ok = (type: string, data: string): string =>
  `{"data":{"response":{"data":${data},"type":"${type}"},"status":"Ok","status_info":"","type":"Get"},"msg_type":"ConfigurationResponse"}`;

const gridParameters = (mutability?: string): string =>
  `{"!module":[${[
    parameter('bool', 'enhance_external_schedule', 'false', mutability),
    parameter('number', 'fuse_limit_A', '63.0', mutability),
    parameter('number', 'nominal_voltage_V', '230.0', mutability),
    parameter('integer', 'phase_count', '3', mutability),
  ].join(',')}],"energy_grid":[],"external_limits":[]}`;

let mesh: ServedMesh;
beforeEach(async () => {
  mesh = new ServedMesh(configuration());
  await mesh.start();
});

describe('Get answers to the byte', () => {
  test('Module: numbers with a decimal point, the index from the second connection on, null where nothing is', async () => {
    expect(await mesh.get('grid', { type: 'Module' })).toBe(
      ok(
        'Module',
        `{"mappings":{"grid":{"module":{"evse":0}},"played":null},"module_config":{"access":{"config":{"allow_global_read":true,"allow_global_write":false,"allow_set_read_only":false,"modules":{"reader":{"allow_read":false,"allow_set_read_only":false,"allow_write":true}}}},"configuration_parameters":${gridParameters()},"connections":{"energy_consumer":[{"implementation_id":"energy_a","module_id":"played","requirement":{"id":"energy_consumer"}},{"implementation_id":"energy_b","module_id":"played","requirement":{"id":"energy_consumer","index":1}}]},"mapping":{"module":{"evse":0}},"module_id":"grid","module_name":"EnergyNode","standalone":false,"telemetry_enabled":false}}`,
      ),
    );
  });

  test('Module: capabilities and telemetry only where they are set, the mapping of implementations beside that of the module', async () => {
    const place = '{"connector":1,"evse":1}';
    const mapping = `{"implementations":{"main":${place}},"module":${place}}`;
    const answer = await mesh.get('reader', { type: 'Module' });
    expect(answer).toBe(
      ok(
        'Module',
        `{"mappings":{"reader":${mapping}},"module_config":{"access":null,"capabilities":["CAP_NET_RAW"],"configuration_parameters":{"!module":[],"main":[${parameter('string', 'mqtt_topic', '"cards"')}]},"connections":{},"mapping":${mapping},"module_id":"reader","module_name":"DummyTokenProviderManual","standalone":false,"telemetry_config":{"id":1},"telemetry_enabled":true},"telemetry_config":{"id":1}}`,
      ),
    );
  });

  test('AllMappings', async () => {
    expect(await mesh.get('auth', { type: 'AllMappings' })).toBe(
      ok(
        'AllMappings',
        '{"auth":null,"grid":{"module":{"evse":0}},"played":null,"reader":{"implementations":{"main":{"connector":1,"evse":1}},"module":{"connector":1,"evse":1}}}',
      ),
    );
  });

  test('All: the own parameters and those that may be read', async () => {
    const answer = JSON.parse((await mesh.get('reader', { type: 'All' })) ?? '');
    expect(Object.keys(answer.data.response.data)).toEqual(['reader']);
    const all = (await mesh.get('grid', { type: 'All' })) ?? '';
    expect(Object.keys(JSON.parse(all).data.response.data)).toEqual(['auth', 'grid', 'played', 'reader']);
    expect(all).toContain(`"grid":${gridParameters()}`);
  });

  test('All: what is read-only shows as writable to those who may set it', async () => {
    const answer = (await mesh.get('auth', { type: 'All' })) ?? '';
    expect(Object.keys(JSON.parse(answer).data.response.data)).toEqual(['auth', 'reader']);
    expect(answer).toContain(parameter('integer', 'connection_timeout', '20', 'ReadWrite'));
  });

  test('Value: of a module', async () => {
    const identifier = { module_id: 'grid', configuration_parameter_name: 'fuse_limit_A' };
    expect(await mesh.get('grid', { type: 'Value', identifier })).toBe(
      ok('Value', parameter('number', 'fuse_limit_A', '63.0')),
    );
    expect(
      await mesh.get('grid', { type: 'Value', identifier: { ...identifier, module_implementation_id: '!module' } }),
    ).toBe(ok('Value', parameter('number', 'fuse_limit_A', '63.0')));
  });

  test('Value: of an implementation', async () => {
    const identifier = {
      module_id: 'reader',
      module_implementation_id: 'main',
      configuration_parameter_name: 'mqtt_topic',
    };
    expect(await mesh.get('grid', { type: 'Value', identifier })).toBe(
      ok('Value', parameter('string', 'mqtt_topic', '"cards"')),
    );
  });

  const noValue = { response: { data: null, type: 'Value' }, type: 'Get' };

  test('Value: of a parameter that there is not', async () => {
    const identifier = { module_id: 'grid', configuration_parameter_name: 'fuse' };
    const answer = JSON.parse((await mesh.get('grid', { type: 'Value', identifier })) ?? '');
    expect(answer.data).toEqual({ ...noValue, status: 'Error', status_info: 'there is no parameter grid.fuse' });
  });

  test('Value: of a module that may not be read', async () => {
    const identifier = { module_id: 'auth', configuration_parameter_name: 'connection_timeout' };
    const answer = JSON.parse((await mesh.get('reader', { type: 'Value', identifier })) ?? '');
    expect(answer.data).toMatchObject({ ...noValue, status: 'AccessDenied' });
  });

  test('whoever is unknown is told so, without a type', async () => {
    expect(await mesh.get('nobody', { type: 'Module' })).toBe(
      '{"data":{"response":null,"status":"Error","status_info":"Unknown origin module: nobody"},"msg_type":"ConfigurationResponse"}',
    );
  });

  test.each([
    ['no JSON', '{'],
    ['no object', '7'],
    ['no origin', '{"data":{"type":"Get","request":{"type":"Module"}},"msg_type":"ConfigurationRequest"}'],
    ['an unknown kind', '{"data":{"type":"Get","origin":"grid","request":{"type":"Nothing"}}}'],
    ['no identifier', '{"data":{"type":"Get","origin":"grid","request":{"type":"Value"}}}'],
    [
      'a value that is no text',
      '{"data":{"type":"Set","origin":"grid","request":{"identifier":{"module_id":"grid","configuration_parameter_name":"phase_count"},"value":1}}}',
    ],
  ])('a request with %s gets no answer, and the next one does', async (_, payload) => {
    expect(await mesh.send('grid', payload)).toEqual([]);
    expect(await mesh.get('grid', { type: 'Module' })).toContain('"status":"Ok"');
  });
});

describe('Set', () => {
  const outcome = (status: string, info = ''): unknown => ({
    response: { status, status_info: info },
    status: 'Ok',
    status_info: '',
    type: 'Set',
  });

  test('a read-only value is written down and takes effect with the next start', async () => {
    mesh.running.add('grid');
    expect(await mesh.set('grid', 'grid', 'fuse_limit_A', '32')).toEqual(outcome('RebootRequired'));
    expect(mesh.saved).toEqual([[{ moduleId: 'grid', implementationId: '!module', name: 'fuse_limit_A' }, 32]]);
    const identifier = { module_id: 'grid', configuration_parameter_name: 'fuse_limit_A' };
    expect(await mesh.get('grid', { type: 'Value', identifier })).toContain('"value":32.0');
  });

  test.each([
    ['true', true],
    ['1', true],
    ['True', false],
    ['yes', false],
  ])('a boolean %s is %s', async (value, kept) => {
    await mesh.set('grid', 'grid', 'enhance_external_schedule', value);
    expect(mesh.saved.map(([, saved]) => saved)).toEqual([kept]);
  });

  test.each([
    ['phase_count', '2.5'],
    ['phase_count', 'two'],
    ['phase_count', ''],
    ['fuse_limit_A', 'much'],
    ['phase_count', '4'],
    ['fuse_limit_A', '-1'],
  ])('%s is never "%s"', async (name, value) => {
    expect(await mesh.set('grid', 'grid', name, value)).toMatchObject({
      status: 'Ok',
      response: { status: 'Rejected' },
    });
    expect(mesh.saved).toEqual([]);
  });

  test('a parameter that there is not', async () => {
    expect(await mesh.set('grid', 'grid', 'fuse', '1')).toMatchObject({ status: 'Error', type: 'Set' });
  });

  test('whoever may not write is refused, whoever may is not', async () => {
    expect(await mesh.set('reader', 'auth', 'connection_timeout', '30')).toMatchObject({
      status: 'AccessDenied',
      response: { status: 'Rejected' },
    });
    expect(mesh.saved).toEqual([]);
    expect(await mesh.set('grid', 'reader', 'mqtt_topic', 'other', 'main')).toEqual(outcome('RebootRequired'));
    expect(mesh.saved).toEqual([[{ moduleId: 'reader', implementationId: 'main', name: 'mqtt_topic' }, 'other']]);
  });

  test('what cannot be written down is rejected, and the value stays', async () => {
    mesh.saveError = new RangeError('no space left');
    expect(await mesh.set('grid', 'grid', 'fuse_limit_A', '32')).toEqual(outcome('Rejected', 'no space left'));
    const identifier = { module_id: 'grid', configuration_parameter_name: 'fuse_limit_A' };
    expect(await mesh.get('grid', { type: 'Value', identifier })).toContain('"value":63.0');
  });
});

describe('Set of a value that its module takes while it runs', () => {
  let told: string[];

  /** The same mesh, with a node whose fuse may change at any time. */
  async function writable(answer: string | undefined): Promise<ServedMesh> {
    const { modules, ...rest } = configuration();
    const changed = modules.map((module) => {
      const entry = module.manifest.config.fuse_limit_A;
      if (!entry) return module;
      const config = { ...module.manifest.config, fuse_limit_A: { ...entry, mutability: 'ReadWrite' as const } };
      return { ...module, manifest: { ...module.manifest, config } };
    });
    const served = new ServedMesh({ ...rest, modules: changed });
    await served.start();
    served.running.add('grid');
    told = [];
    await served.bus.subscribe([served.topics.setRequest('grid')], ({ payload }) => {
      told.push(payload);
      if (answer !== undefined)
        void served.bus.publish(
          served.topics.setResponse('grid'),
          `{"data":{"response":{"status":"${answer}","status_info":""},"status":"Ok","status_info":"","type":"Set"},"msg_type":"ConfigurationResponse"}`,
        );
    });
    return served;
  }

  test.each([
    ['Accepted', 'Accepted'],
    ['Rejected', 'RebootRequired'],
    [undefined, 'RebootRequired'],
  ])('the module says %s: %s', async (says, status) => {
    const served = await writable(says);
    expect(await served.set('grid', 'grid', 'fuse_limit_A', '32')).toMatchObject({
      status: 'Ok',
      response: { status },
    });
    expect(told).toEqual([
      '{"data":{"identifier":{"configuration_parameter_name":"fuse_limit_A","module_id":"grid","module_implementation_id":"!module"},"value":"32"},"msg_type":"ConfigurationRequest"}',
    ]);
    expect(served.saved).toHaveLength(1);
  });

  test('a module that does not run is not asked', async () => {
    const served = await writable('Accepted');
    served.running.clear();
    expect(await served.set('grid', 'grid', 'fuse_limit_A', '32')).toMatchObject({
      response: { status: 'RebootRequired' },
    });
    expect(told).toEqual([]);
  });
});
