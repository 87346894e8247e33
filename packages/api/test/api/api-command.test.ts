import { describe, expect, test } from '@jest/globals';
import { readCommand } from '../../src/api/api-command.ts';

const read = (name: string, payload: string) => readCommand[name]?.(payload);
const ours = (enable_state: string) => ({ enable_source: 'LocalAPI', enable_state, enable_priority: 100 });

describe('what commands say', () => {
  test.each([
    ['enable_disable', '{}', { kind: 'enable or disable', connectorId: 0, source: ours('Enable') }],
    [
      'enable_disable',
      '{"connector_id":1,"source":"ServiceTechnician","state":"Disable","priority":42}',
      {
        kind: 'enable or disable',
        connectorId: 1,
        source: { enable_source: 'ServiceTechnician', enable_state: 'Disable', enable_priority: 42 },
      },
    ],
    ['enable', '1', { kind: 'enable or disable', connectorId: 1, source: ours('Enable') }],
    ['enable', '', { kind: 'enable or disable', connectorId: 0, source: ours('Enable') }],
    ['disable', ' 0 ', { kind: 'enable or disable', connectorId: 0, source: ours('Disable') }],
    ['pause_charging', 'now', { kind: 'pause' }],
    ['resume_charging', '', { kind: 'resume' }],
    ['stop_charging', '{"any":"thing"}', { kind: 'stop' }],
    ['force_unlock', '', { kind: 'unlock', connectorId: 1 }],
    ['force_unlock', '2', { kind: 'unlock', connectorId: 2 }],
    ['set_limit_amps', '8.1', { kind: 'limit', limit: { kind: 'amps', amps: 8.1 } }],
    ['set_limit_watts', '-3680', { kind: 'limit', limit: { kind: 'watts', watts: -3680 } }],
    [
      'set_limit_amps_phases',
      '{"amps":10,"phases":1}',
      { kind: 'limit', limit: { kind: 'amps and phases', amps: 10, phases: 1 } },
    ],
    ['uk_random_delay', 'cancel', { kind: 'random delay', what: 'cancel' }],
    ['uk_random_delay_set_max_duration_s', '600', { kind: 'longest random delay', seconds: 600 }],
  ])('%s %s', (name, payload, command) => {
    expect(read(name, payload)).toEqual(command);
  });
});

describe('what is no command', () => {
  test.each([
    ['enable_disable', '', 'no JSON'],
    ['enable_disable', 'now', 'no JSON'],
    ['enable_disable', '[]', 'no JSON object'],
    ['enable_disable', 'null', 'no JSON object'],
    ['enable_disable', '{"connector_id":-1}', 'connector_id'],
    ['enable_disable', '{"connector_id":"1"}', 'connector_id'],
    ['enable_disable', '{"source":"Nobody"}', 'source is none of Unspecified'],
    ['enable_disable', '{"state":"Off"}', 'state is none of Unassigned'],
    ['enable_disable', '{"priority":10001}', 'priority'],
    ['enable_disable', '{"priority":1.5}', 'priority'],
    ['enable', 'now', 'no number'],
    ['disable', '1.5', 'no whole number'],
    ['disable', '-1', 'no whole number'],
    ['force_unlock', 'x', 'no number'],
    ['set_limit_amps', '', 'no number'],
    ['set_limit_amps', 'ten', 'no number'],
    ['set_limit_amps', '16A', 'no number'],
    ['set_limit_amps', '1e999', 'no number'],
    ['set_limit_watts', 'NaN', 'no number'],
    ['set_limit_amps_phases', '{"amps":10,"phases":2}', 'neither 1 nor 3'],
    ['set_limit_amps_phases', '{"phases":3}', 'amps is no number'],
    ['uk_random_delay', 'on', 'none of enable, disable, cancel'],
    ['uk_random_delay_set_max_duration_s', '-1', 'no whole number'],
    ['uk_random_delay_set_max_duration_s', '3000000000', 'no whole number'],
  ])('%s %s', (name, payload, why) => {
    expect(() => read(name, payload)).toThrow(RangeError);
    expect(() => read(name, payload)).toThrow(why);
  });
});
