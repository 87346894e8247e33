import { describe, expect, test } from '@jest/globals';
import { loadContracts } from '../../src/index.ts';
import { describeWithReference, recordedTopics } from '../reference.ts';

const contracts = loadContracts();

/** Everything but the texts, which are ours, and the authors. */
function shape(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, part) => {
      if (key === 'description' && typeof part === 'string') return undefined;
      if (key === 'authors') return 'authors';
      return part;
    }),
  );
}

describe('the wire form of an interface', () => {
  test('has every default and no text or key of ours', () => {
    const wire = contracts.wireInterface('powermeter');
    expect(wire.vars.powermeter).toEqual({ type: 'object', $ref: '/powermeter#/Powermeter', qos: 2 });
    expect(contracts.wireInterface('connector_lock').cmds.lock).toEqual({ arguments: {}, result: { type: 'null' } });
    expect(JSON.stringify(contracts.interfaceNames.map((name) => contracts.wireInterface(name).vars))).not.toContain(
      'x-',
    );
    expect(JSON.stringify(contracts.interfaceNames.map((name) => contracts.wireInterface(name).cmds))).not.toMatch(
      /x-deadline-s|"description":"/,
    );
  });

  test('resolves errors by namespace and name', () => {
    const { errors } = contracts.wireInterface('evse_manager');
    expect(errors.evse_manager?.Inoperative).toMatchObject({ name: 'Inoperative', namespace: 'evse_manager' });
    expect(errors.evse_manager?.Inoperative?.description).not.toBe('');
    expect(Object.keys(contracts.wireInterface('evse_board_support').errors)).toEqual(['evse_board_support', 'ac_rcd']);
  });

  test('has all three members even where there is nothing', () => {
    expect(contracts.wireInterface('energy_manager')).toEqual({ cmds: {}, vars: {}, errors: {} });
  });
});

describe('the wire form of a manifest', () => {
  test('leaves out the own configuration, keeps that of implementations', () => {
    const wire = contracts.wireManifest('DummyTokenProvider');
    expect(wire).not.toHaveProperty('config');
    expect(wire.provides.main?.config.token).toMatchObject({
      type: 'string',
      default: 'DEADBEEF',
      mutability: 'ReadOnly',
    });
    expect(contracts.manifest('DummyTokenProvider').requires.evse?.rejoin).toBeDefined();
    expect(wire.requires.evse).toEqual({ interface: 'evse_manager', min_connections: 1, max_connections: 1 });
    expect(wire.enable_external_mqtt).toBe(false);
  });
});

test('how modules rejoin is no concern of the reference’s', () => {
  expect(contracts.manifest('EvseManager').provides.evse?.again).toMatchObject({ session_event: 'journal' });
  expect(JSON.stringify(contracts.wireManifest('EvseManager'))).not.toMatch(/"x-|rejoin|again/);
});

describe('the wire form of types', () => {
  test('keeps a property that is named description', () => {
    const types = contracts.wireTypes('error_history');
    expect(types.ErrorObject?.properties).toHaveProperty('description');
    expect(types.ErrorObject).not.toHaveProperty('description');
  });
});

describeWithReference('the recorded configuration topics', () => {
  const recorded = [...recordedTopics()];
  const below = (level: string): [string, unknown][] =>
    recorded
      .filter(([topic]) => topic.startsWith(`everest/${level}/`))
      .map(([topic, data]) => [topic.slice(`everest/${level}/`.length), data]);

  test.each(below('interface_definitions'))('interface %s', (name, data) => {
    expect(shape(contracts.wireInterface(name))).toEqual(shape(data));
  });

  test.each(below('manifests'))('manifest %s', (name, data) => {
    expect(shape(contracts.wireManifest(name))).toEqual(shape(data));
  });
});
