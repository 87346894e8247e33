import { parseTimestamp } from '@chargemesh/base';
import {
  CommandError,
  encodeCommand,
  encodeEnvelope,
  encodeError,
  encodeResult,
  encodeVariable,
  type MeshError,
  Topics,
} from '@chargemesh/framework';
import { describe, expect, test } from '@jest/globals';
import { type BusLine, readBusLine } from '../../src/inspect/bus-line.ts';
import { passes } from '../../src/inspect/line-filter.ts';
import { LineText } from '../../src/inspect/line-text.ts';

const topics = new Topics();
const atMs = parseTimestamp('2026-01-01T12:00:00.250Z') ?? 0;
const read = (topic: string, payload: string, late = 0): BusLine | undefined =>
  readBusLine({ topic, payload, retained: false, atMs: atMs + late }, topics);

const error: MeshError = {
  type: 'evse_board_support/DiodeFault',
  sub_type: '',
  message: 'no diode',
  description: '',
  severity: 'High',
  vendor_id: 'everest',
  uuid: 'u',
  timestamp: '2026-01-01T12:00:00.000Z',
  state: 'Active',
  origin: { module_id: 'bsp', implementation_id: 'board_support' },
};

const call = read(
  topics.command('bsp', 'board_support', 'allow_power_on'),
  encodeCommand({ id: '1', origin: 'evse_1', args: { value: { allow: true } } }),
);
const answer = read(
  topics.commandResponse('bsp', 'board_support', 'allow_power_on', 'evse_1'),
  encodeResult({ id: '1', origin: 'bsp', retval: null }),
  7,
);
const variable = read(topics.variable('bsp', 'board_support', 'event'), encodeVariable({ event: 'PowerOn' }));
const raised = read(topics.error('bsp', 'board_support', error.type), encodeError(error));
const status = read(topics.status('evse_1'), '{"state":"ready"}');
const outside = read('everest_api/reader/cmd/provide', '{"id":1}');

/** All kinds, none of them missing. */
const lines = Object.entries({ call, answer, variable, raised, status, outside }).map(([name, line]) => {
  if (!line) throw new RangeError(`${name} was not read`);
  return line;
});

describe('a message is understood', () => {
  test('by its kind', () => {
    expect(lines.map(({ kind }) => kind)).toEqual(['call', 'answer', 'variable', 'error', 'mesh', 'external']);
  });

  test('a call and its answer: who, whom, what', () => {
    const parties = { moduleId: 'bsp', implementation: 'board_support', command: 'allow_power_on', id: '1' };
    expect(call).toMatchObject({ ...parties, from: 'evse_1', args: { value: { allow: true } } });
    expect(answer).toMatchObject({ ...parties, to: 'evse_1', result: null, error: undefined });
  });

  test('an answer that is an error', () => {
    const failed = encodeResult({ id: '1', origin: 'bsp', error: new CommandError('CmdTimeout', 'too late') });
    expect(read(topics.commandResponse('bsp', 'b', 'c', 'evse_1'), failed)).toMatchObject({
      error: 'CmdTimeout: too late',
    });
  });

  test("a request for configuration is its origin's", () => {
    const request = { type: 'Get', origin: 'auth', request: { type: 'Module' } };
    expect(read(topics.configRequest, encodeEnvelope('ConfigurationRequest', request))).toMatchObject({
      kind: 'mesh',
      moduleId: 'auth',
      what: 'config/request',
    });
  });

  test('the shutdown has no envelope', () => {
    expect(read(topics.shutdown, 'true')).toMatchObject({ kind: 'mesh', what: 'shutdown', data: true });
  });

  test('what cannot be read is shown as it came', () => {
    expect(read(topics.variable('bsp', 'b', 'v'), '{')).toMatchObject({ kind: 'unreadable', payload: '{' });
    expect(read(topics.status('bsp'), 'x')).toMatchObject({ kind: 'unreadable' });
  });

  test('cleared topics and kept copies are left out', () => {
    expect(read(topics.status('bsp'), '')).toBeUndefined();
    expect(read(topics.keptVariable('bsp', 'b', 'v'), '{"data":1}')).toBeUndefined();
  });
});

describe('a message is written', () => {
  test('a call and its answer as one line, with what it took', () => {
    const text = new LineText(false);
    expect(call && text.write(call)).toBeUndefined();
    expect(answer && text.write(answer)).toBe(
      '12:00:00.250 evse_1 → bsp.board_support.allow_power_on(value: {"allow":true}) = null  (7 ms)',
    );
  });

  test('an answer whose call was not seen', () => {
    expect(answer && new LineText(false).write(answer)).toBe(
      '12:00:00.257 evse_1 → bsp.board_support.allow_power_on(…) = null',
    );
  });

  test('a call without an answer, once', () => {
    const text = new LineText(false);
    if (call) text.write(call);
    expect(text.overdue(atMs + 1_999, 2_000)).toEqual([]);
    expect(text.overdue(atMs + 3_000, 2_000)).toEqual([
      '12:00:00.250 evse_1 → bsp.board_support.allow_power_on(value: {"allow":true}) … no answer after 3 s',
    ]);
    expect(text.overdue(atMs + 9_000, 2_000)).toEqual([]);
  });

  test.each([
    [variable, '12:00:00.250 bsp.board_support event {"event":"PowerOn"}'],
    [raised, '12:00:00.250 bsp.board_support raises evse_board_support/DiodeFault (High: no diode)'],
    [status, '12:00:00.250 evse_1 status {"state":"ready"}'],
    [outside, '12:00:00.250 [outside] everest_api/reader/cmd/provide {"id":1}'],
  ])('%#', (line, text) => {
    expect(line && new LineText(false).write(line)).toBe(text);
  });

  test('long values are cut, unless they are asked for in full', () => {
    const long = read(topics.variable('bsp', 'b', 'v'), encodeVariable('x'.repeat(500)));
    expect(long && new LineText(false).write(long)).toHaveLength('12:00:00.250 bsp.b v '.length + 161);
    expect(long && new LineText(true).write(long)).toContain('x'.repeat(500));
  });

  test('an error that has a sub type, and one that is cleared', () => {
    const cleared = read(
      topics.error('bsp', 'board_support', error.type),
      encodeError({ ...error, sub_type: 'left', state: 'ClearedByModule' }),
    );
    expect(cleared && new LineText(false).write(cleared)).toContain('clears evse_board_support/DiodeFault/left');
  });
});

describe('a filter lets through', () => {
  const index = {
    evseOf: (id: string) => ({ evse_1: 1, bsp: 1, evse_2: 2 })[id],
    interfaceOf: (id: string, implementation: string) =>
      id === 'bsp' && implementation === 'board_support' ? 'evse_board_support' : undefined,
  };
  const kept = (filter: Parameters<typeof passes>[1]): string[] =>
    lines.filter((line) => passes(line, filter, index)).map(({ kind }) => kind);

  test('everything where it says nothing', () => {
    expect(kept({})).toHaveLength(6);
  });

  test('what a module says, is told or asks', () => {
    expect(kept({ module: 'evse_1' })).toEqual(['call', 'answer', 'mesh']);
    expect(kept({ module: 'bsp' })).toEqual(['call', 'answer', 'variable', 'error']);
  });

  test('the modules of an EVSE', () => {
    expect(kept({ evse: 1 })).toEqual(['call', 'answer', 'variable', 'error', 'mesh']);
    expect(kept({ evse: 2 })).toEqual([]);
  });

  test('implementations of an interface', () => {
    expect(kept({ interface: 'evse_board_support' })).toEqual(['call', 'answer', 'variable', 'error']);
    expect(kept({ interface: 'auth' })).toEqual([]);
  });

  test('what does not repeat every second', () => {
    const repeating = [
      read(topics.variable('bsp', 'powermeter', 'powermeter'), encodeVariable({})),
      read(
        topics.command('evse_1', 'energy_grid', 'enforce_limits'),
        encodeCommand({ id: '2', origin: 'manager', args: {} }),
      ),
      status,
      read('everest_external/nodered/1/powermeter/totalKw', '0'),
    ];
    for (const line of repeating) expect(line && passes(line, { noEnergy: true }, index)).toBe(false);
    expect(kept({ noEnergy: true })).toEqual(['call', 'answer', 'variable', 'error', 'external']);
  });
});
