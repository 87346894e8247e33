import { expect, test } from '@jest/globals';
import type { PilotLetter } from '../../src/iec/pilot-letter.ts';
import { PlugHold } from '../../src/iec/plug-hold.ts';

function holdAt(letter: PilotLetter, plugged: boolean) {
  const done: string[] = [];
  const pilot = { letter, plugged, setHeld: (held: boolean) => done.push(held ? 'held' : 'let go') };
  return { pilot, done, hold: new PlugHold(pilot, () => done.push('cable freed')) };
}

test('a plug is held while a transaction outlives its car, and told once', () => {
  const { hold, done } = holdAt('A', false);
  hold.update(false);
  hold.update(true);
  hold.update(true);
  expect(hold.held).toBe(true);
  expect(done).toEqual(['held']);
});

test('a cable that is let go without a car may be another one next time', () => {
  const { hold, done, pilot } = holdAt('B', true);
  hold.update(true);
  hold.update(false);
  expect(done).toEqual(['held', 'let go']);
  pilot.plugged = false;
  hold.update(true);
  hold.update(false);
  expect(done.at(-1)).toBe('cable freed');
});

test.each(['E', 'F', 'Disabled'] as const)('a plug is let go in %s', (letter) => {
  const { hold, done, pilot } = holdAt('B', true);
  hold.update(true);
  pilot.letter = letter;
  hold.update(true);
  expect(done).toEqual(['held', 'let go']);
});
