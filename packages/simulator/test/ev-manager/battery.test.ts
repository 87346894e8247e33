import { VirtualClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { Battery } from '../../src/ev-manager/battery.ts';

function makeBattery(soc = 30, speed = 1) {
  const clock = new VirtualClock();
  return { clock, battery: new Battery(clock, { capacityWh: 60_000, soc, speed }) };
}

test('11 kW for an hour fill 18.4 % of 60 kWh', async () => {
  const { clock, battery } = makeBattery();
  battery.charge(11_040);
  await clock.advance(3_600_000);
  battery.charge(0);
  await clock.advance(3_600_000);
  expect(battery.soc).toBeCloseTo(48.4, 6);
});

test('charges faster with the speed, empties backwards, and stays within 0 and 100', async () => {
  const { clock, battery } = makeBattery(99, 60);
  battery.charge(11_040);
  await clock.advance(60_000);
  expect(battery.soc).toBe(100);
  battery.charge(-11_040);
  await clock.advance(60_000);
  expect(battery.soc).toBeCloseTo(81.6, 6);
  battery.soc = 500;
  expect(battery.soc).toBe(100);
});
