import { expect, test } from '@jest/globals';
import { ask, booted } from '../support/ask.ts';
import { Bench } from '../support/bench.ts';

async function change(bench: Bench, value: string): Promise<unknown> {
  return ask(bench, 'ChangeConfiguration', { key: 'SecurityProfile', value });
}

const accepted = { status: 'Accepted' };
const rejected = { status: 'Rejected' };

test('from 0 to 1: answered, then connected with the password', async () => {
  using bench = await booted(new Bench());
  expect(await change(bench, '1')).toEqual(accepted);
  await bench.clock.advance(60_000);
  expect(bench.csms.dialled.map(({ basicAuth }) => basicAuth?.user)).toEqual([undefined, 'cp001']);
  expect(bench.csms.connected).toBe(true);
  expect(bench.configuration.get('SecurityProfile')).toBe(1);
});

test('a CSMS that does not take it is connected to as before', async () => {
  using bench = await booted(new Bench({ sections: { Internal: { SwitchSecurityProfileConnectionTimeout: 30 } } }));
  bench.csms.reachable = false;
  expect(await change(bench, '1')).toEqual(accepted);
  await bench.clock.advance(29_000);
  expect(bench.configuration.get('SecurityProfile')).toBe(1);
  await bench.clock.advance(2000);
  expect(bench.configuration.get('SecurityProfile')).toBe(0);
  bench.csms.reachable = true;
  await bench.clock.advance(120_000);
  expect(bench.csms.connected).toBe(true);
  expect(bench.csms.dialled.at(-1)).not.toHaveProperty('basicAuth');
  expect(bench.configuration.get('SecurityProfile')).toBe(0);
});

test('never downward, sideways, without a password, or to what needs certificates', async () => {
  using bench = await booted(new Bench({ sections: { Security: { SecurityProfile: 1 } } }));
  for (const value of ['0', '1', '2', '3', '4', 'x']) expect(await change(bench, value)).toEqual(rejected);
  expect(bench.csms.dialled).toHaveLength(1);
});
