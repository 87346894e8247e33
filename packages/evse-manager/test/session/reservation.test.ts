import { expect, test } from '@jest/globals';
import { Reservation } from '../../src/session/reservation.ts';

function reservation() {
  const told: string[] = [];
  return {
    told,
    reservation: new Reservation({
      reservationStart: () => told.push('start'),
      reservationEnd: () => told.push('end'),
    }),
  };
}

test('a reservation is told once, taken again by its own id, and refused to others', () => {
  const { told, reservation: one } = reservation();
  expect(one.reserve(3)).toBe(true);
  expect(one.reserve(3)).toBe(true);
  expect(one.reserve(4)).toBe(false);
  expect(one.id).toBe(3);
  one.cancel();
  one.cancel();
  expect(told).toEqual(['start', 'end']);
});

test('a reservation of no specific id gives way to a specific one', () => {
  const { told, reservation: one } = reservation();
  expect(one.reserve(-1)).toBe(true);
  expect(one.active).toBe(true);
  expect(one.id).toBeUndefined();
  expect(one.reserve(5)).toBe(true);
  expect(one.id).toBe(5);
  expect(told).toEqual(['start']);
});

test('a reservation that was used ends without a word', () => {
  const { told, reservation: one } = reservation();
  one.reserve(5);
  one.consume();
  expect(one.active).toBe(false);
  expect(told).toEqual(['start']);
});
