import { VirtualClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { PwmOffer } from '../../src/iec/pwm-offer.ts';

function offerOn(clock: VirtualClock) {
  const shown: string[] = [];
  const port = {
    pwmRunning: false,
    setPwm: (percent: number) => {
      port.pwmRunning = true;
      shown.push(`${percent.toFixed(1)} % at ${clock.monotonicMs()}`);
    },
    steady: () => {
      port.pwmRunning = false;
      shown.push(`steady at ${clock.monotonicMs()}`);
    },
  };
  return { offer: new PwmOffer(clock, port), shown, port };
}

test('the first offer is shown at once, and equal ones are not repeated', () => {
  const { offer, shown } = offerOn(new VirtualClock());
  offer.offer(16);
  offer.offer(16);
  expect(shown).toEqual(['26.7 % at 0']);
  expect(offer.offeredA).toBe(16);
});

test('a raise waits until five seconds after the last change, and the newest wanted one is shown', async () => {
  const clock = new VirtualClock();
  const { offer, shown } = offerOn(clock);
  offer.offer(10);
  await clock.advance(2_000);
  offer.offer(16);
  await clock.advance(1_000);
  offer.offer(20);
  await clock.advance(2_000);
  expect(shown).toEqual(['16.7 % at 0', '33.3 % at 5000']);
});

test('a cut while a raise waits is shown at once and starts the wait anew', async () => {
  const clock = new VirtualClock();
  const { offer, shown } = offerOn(clock);
  offer.offer(10);
  await clock.advance(4_000);
  offer.offer(16);
  offer.offer(8);
  await clock.advance(10_000);
  expect(shown).toEqual(['16.7 % at 0', '13.3 % at 4000']);
});

test('going back to what is shown calls the raise off', async () => {
  const clock = new VirtualClock();
  const { offer, shown } = offerOn(clock);
  offer.offer(10);
  offer.offer(16);
  offer.offer(10);
  await clock.advance(10_000);
  expect(shown).toHaveLength(1);
});

test('a raise that waits is not shown when PWM has ended meanwhile', async () => {
  const clock = new VirtualClock();
  const { offer, shown, port } = offerOn(clock);
  offer.offer(10);
  offer.offer(16);
  port.pwmRunning = false;
  await clock.advance(10_000);
  expect(shown).toHaveLength(1);
  expect(offer.offeredA).toBe(0);
});

test('a current too small to be offered ends the offer', () => {
  const { offer, shown } = offerOn(new VirtualClock());
  offer.offer(5);
  expect(shown).toEqual([]);
  offer.offer(6);
  offer.offer(5);
  expect(shown).toEqual(['10.0 % at 0', 'steady at 0']);
});
