import { parseTimestamp } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { booted } from './support/ask.ts';
import { Bench } from './support/bench.ts';

/** All texts below a value that stand under one of these names. */
function timesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, below]) =>
    typeof below === 'string' && /^(timestamp|currentTime|expiryDate|retrieveDate)$/.test(name)
      ? [below]
      : timesIn(below),
  );
}

test('ocpp-512, openwb-2272: every time that is sent is UTC, with Z and no more than milliseconds', async () => {
  using bench = await booted(new Bench({ sections: { Core: { MeterValueSampleInterval: 10 } } }));
  const startMs = bench.clock.wallMs();
  const id = bench.begin(1, { timestampMs: startMs + 0.25 });
  bench.read(101);
  await bench.clock.advance(10_000);
  bench.chargePoint.securityEvent({ type: 'TamperDetectionActivated' });
  bench.end(id);
  await bench.clock.advance(1000);
  const actions = [
    'StatusNotification',
    'StartTransaction',
    'MeterValues',
    'SecurityEventNotification',
    'StopTransaction',
  ];
  for (const action of actions) {
    const times = timesIn(bench.csms.payloads(action));
    expect(times.length).toBeGreaterThan(0);
    for (const time of times) {
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/);
      expect(Math.abs((parseTimestamp(time) ?? 0) - startMs)).toBeLessThan(60_000);
    }
  }
});
