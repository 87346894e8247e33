import { expect, test } from '@jest/globals';
import { MortalClock, VirtualClock } from '../../src/index.ts';

test('what was killed does nothing any more, while the others go on', async () => {
  const shared = new VirtualClock();
  const mortal = new MortalClock(shared);
  const other = new MortalClock(shared);
  const seen: string[] = [];
  mortal.setTimer(1000, () => seen.push('timer'));
  mortal.setPeriodic(600, () => seen.push('period'));
  mortal.onWallJump(() => seen.push('jump'));
  mortal.sleep(1500).then(() => seen.push('slept'));
  other.setTimer(2000, () => seen.push('other'));
  await shared.advance(600);
  expect(seen).toEqual(['period']);
  mortal.kill();
  mortal.setTimer(1, () => seen.push('late timer'));
  mortal.setWall(0);
  shared.setWall(1_000_000);
  await shared.advance(5000);
  expect(seen).toEqual(['period', 'other']);
  expect(mortal.wallMs()).toBe(shared.wallMs());
});

test('a timer that was cancelled does not fire, and one that fired is forgotten', async () => {
  const shared = new VirtualClock();
  const mortal = new MortalClock(shared);
  const seen: string[] = [];
  mortal.setTimer(10, () => seen.push('cancelled')).cancel();
  const fired = mortal.setTimer(10, () => seen.push('fired'));
  await shared.advance(10);
  fired.cancel();
  mortal.kill();
  expect(seen).toEqual(['fired']);
});
