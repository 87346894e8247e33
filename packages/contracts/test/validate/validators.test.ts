import { describe, expect, test } from '@jest/globals';
import { type JsonSchema, loadContracts } from '../../src/index.ts';
import { type Lookup, sample } from './sample.ts';

const contracts = loadContracts();
const { validators } = contracts;

const lookup: Lookup = (reference) => {
  const [file = '', type = ''] = reference.slice(1).split('#/');
  const schema = contracts.types(file).types[type];
  if (!schema) throw new Error(`there is no type ${reference}`);
  return schema;
};

/** A value of another type than any that the schema takes, or nothing where it takes all. */
function wrongFor(schema: JsonSchema): unknown {
  const target = schema.$ref === undefined ? schema : lookup(schema.$ref);
  if (Array.isArray(target.type)) return undefined;
  return target.type === 'string' ? 5 : 'wrong\u0000';
}

describe.each(contracts.interfaceNames)('the validators of %s', (name) => {
  const { variables, commands } = contracts.interface(name);

  test('accept a sample of every variable and refuse another type', () => {
    for (const [variable, { schema }] of Object.entries(variables)) {
      const validate = validators.variable(name, variable);
      expect([variable, validate(sample(schema, lookup))]).toEqual([variable, []]);
      expect([variable, validate(wrongFor(schema))[0]?.path]).toEqual([variable, 'data']);
    }
  });

  test('accept a sample of every command and name the argument that is wrong or missing', () => {
    for (const [command, contract] of Object.entries(commands)) {
      const args = Object.fromEntries(
        Object.entries(contract.arguments).map(([argument, schema]) => [argument, sample(schema, lookup)]),
      );
      const arriving = validators.commandArgs(name, command);
      const sent = validators.sentCommandArgs(name, command);
      expect([command, arriving(args), sent(args)]).toEqual([command, [], []]);
      expect([command, arriving({ ...args, extra: 1 })]).toEqual([command, []]);
      expect([command, sent({ ...args, extra: 1 })]).toEqual([
        command,
        [{ path: 'args.extra', message: 'is not known here' }],
      ]);
      for (const [argument, schema] of Object.entries(contract.arguments)) {
        const { [argument]: _, ...others } = args;
        expect(arriving(others)).toEqual([{ path: `args.${argument}`, message: 'is missing' }]);
        const wrong = wrongFor(schema);
        if (wrong !== undefined) expect(arriving({ ...args, [argument]: wrong })[0]?.path).toBe(`args.${argument}`);
      }
      const result = validators.commandResult(name, command);
      expect([command, result(sample(contract.result, lookup))]).toEqual([command, []]);
      if (!Array.isArray(contract.result.type)) expect(result(wrongFor(contract.result))[0]?.path).toBe('result');
    }
  });
});

describe('what is wrong is named by place and rule', () => {
  const limits = validators.variable('evse_manager', 'limits');
  const session = validators.variable('evse_manager', 'session_event');
  const flow = validators.variable('energy', 'energy_flow_request');

  test('a missing, an unknown and a wrongly typed property', () => {
    expect(limits({ max_current: '16', spare: 1 })).toEqual(
      expect.arrayContaining([
        { path: 'data.max_current', message: 'is "16", must be a number' },
        { path: 'data.spare', message: 'is not known here' },
        { path: 'data.nr_of_phases_available', message: 'is missing' },
      ]),
    );
  });

  test('a place deep in lists', () => {
    const request = {
      uuid: 'a',
      node_type: 'Evse',
      children: [],
      schedule_import: [
        { timestamp: '2026-01-31T12:00:00.000Z', limits_to_root: {}, limits_to_leaves: {} },
        {
          timestamp: '2026-01-31T13:00:00.000Z',
          limits_to_root: { ac_max_current_A: { value: 'many', source: 'test' } },
          limits_to_leaves: {},
        },
      ],
      schedule_export: [],
      schedule_setpoints: [],
    };
    expect(flow(request).map(({ path }) => path)).toContain(
      'data.schedule_import[1].limits_to_root.ac_max_current_A.value',
    );
  });

  test.each([['2026-01-31T12:00:00.000'], ['2026-01-31T12:00:00.000+02:00'], ['2026-13-31T12:00:00.000Z'], ['']])(
    'a time that is not UTC: %s',
    (timestamp) => {
      const faults = session({ uuid: 'a', event: 'Authorized', timestamp });
      expect(faults).toEqual([
        { path: 'data.timestamp', message: `is "${timestamp}", must be a UTC time such as 2026-01-31T12:00:00.000Z` },
      ]);
    },
  );

  test('an enum lists what is allowed', () => {
    const [fault] = validators.variable('evse_board_support', 'event')({ event: 'Q' });
    expect(fault?.path).toBe('data.event');
    expect(fault?.message).toMatch(/^is "Q", must be one of A, B, C/);
  });

  test('limits of numbers and texts', () => {
    const timeout = validators.commandArgs('auth', 'set_connection_timeout');
    expect(timeout({ connection_timeout: 301 })).toEqual([
      { path: 'args.connection_timeout', message: 'is 301, must be at most 300' },
    ]);
    expect(timeout({ connection_timeout: 10.5 })[0]?.message).toBe('is 10.5, must be a whole number');
    const group = validators.commandArgs('auth', 'set_master_pass_group_id');
    expect(group({ master_pass_group_id: 'x'.repeat(37) })[0]?.message).toBe(
      'has 37 characters, at most 36 are allowed',
    );
  });

  test('a number that JSON cannot carry', () => {
    expect(limits({ max_current: Number.NaN, nr_of_phases_available: 3 })).toHaveLength(1);
  });
});

describe('arguments', () => {
  test('null stands for none, as callers send it', () => {
    expect(validators.commandArgs('evse_manager', 'get_evse')(null)).toEqual([]);
    expect(validators.sentCommandArgs('evse_manager', 'get_evse')(null)).toEqual([]);
    expect(validators.commandArgs('evse_manager', 'reserve')(null)).toEqual([
      { path: 'args.reservation_id', message: 'is missing' },
    ]);
  });

  test('kvs takes any JSON value', () => {
    const store = validators.commandArgs('kvs', 'store');
    for (const value of [null, 'a', 1, 1.5, true, [1], { a: 1 }]) expect(store({ key: 'k', value })).toEqual([]);
    expect(store({ key: 'no spaces', value: 1 })[0]?.path).toBe('args.key');
  });
});

describe('configuration', () => {
  const config = validators.config('EvseManager');

  test('a mandatory key may not be missing, the others may', () => {
    expect(config({ connector_id: 1 })).toEqual([]);
    expect(config({})).toEqual([{ path: 'connector_id', message: 'is missing' }]);
  });

  test('types, enums and limits', () => {
    expect(config({ connector_id: 1, charge_mode: 'MC' })).toEqual([
      { path: 'charge_mode', message: 'is "MC", must be one of AC, DC' },
    ]);
    expect(config({ connector_id: 1, ac_nominal_voltage: 230 })).toEqual([]);
    expect(config({ connector_id: '1' })[0]?.path).toBe('connector_id');
  });

  test('a key that the manifest does not know is no fault', () => {
    expect(config({ connector_id: 1, future_key: true })).toEqual([]);
  });

  test('of an implementation', () => {
    const main = validators.config('DummyTokenProvider', 'main');
    expect(main({ token: '' })[0]?.path).toBe('token');
    expect(() => validators.config('DummyTokenProvider', 'other')).toThrow(
      /implementation of DummyTokenProvider named other/,
    );
  });
});

test('a name that does not exist is an error with a code', () => {
  expect(() => validators.variable('evse_manager', 'no_such')).toThrow(
    expect.objectContaining({ code: 'CONTRACT_UNKNOWN' }),
  );
  expect(() => validators.commandArgs('no_such', 'x')).toThrow(expect.objectContaining({ code: 'CONTRACT_UNKNOWN' }));
});
