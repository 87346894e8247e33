import { expect, test } from '@jest/globals';
import { ServiceState } from '../../src/enable/service-state.ts';

test('a change is told once, with who decided it, and for the connector where it is meant', () => {
  const told: unknown[] = [];
  const service = new ServiceState((event, details) => told.push({ event, ...details }));
  const by = (enable_state: 'Enable' | 'Disable') =>
    ({ enable_source: 'CSMS', enable_state, enable_priority: 5000 }) as const;
  expect(service.wanted).toBe(true);
  service.reached(true);
  service.reached(true);
  expect(service.request(0, by('Disable'))).toBe(false);
  service.reached(false);
  expect(service.request(0, by('Enable'))).toBe(true);
  service.reached(true);
  service.request(1, by('Disable'));
  service.reached(false);
  expect(told).toEqual([
    { event: 'Enabled', source: { enable_source: 'Unspecified', enable_state: 'Enable', enable_priority: 10_000 } },
    { event: 'Disabled', source: by('Disable') },
    { event: 'Enabled', source: by('Enable') },
    { event: 'Disabled', source: by('Disable'), connector_id: 1 },
  ]);
});
