import { expect, test } from '@jest/globals';
import { resolveConnections } from '../../src/config/aliases.ts';

const zero = { module_id: 'grid', implementation_id: 'external_limits' };
const first = { module_id: 'node_1', implementation_id: 'external_limits' };

test('connector_zero_sink of OCPP is one of its energy sinks, and connected once though it stands under both names', () => {
  expect(resolveConnections({ module: 'OCPP', connections: { connector_zero_sink: [zero] } })).toEqual({
    evse_energy_sink: [zero],
  });
  expect(
    resolveConnections({
      module: 'OCPP',
      connections: { evse_energy_sink: [first, zero], connector_zero_sink: [zero] },
    }),
  ).toEqual({ evse_energy_sink: [first, zero] });
});

test('another module may call a requirement so', () => {
  expect(resolveConnections({ module: 'Other', connections: { connector_zero_sink: [zero] } })).toEqual({
    connector_zero_sink: [zero],
  });
});
