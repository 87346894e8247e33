import { expect, test } from '@jest/globals';
import { type Draw, drawnA } from '../../src/yeti-simulator/charging-current.ts';

const draw = (change: Partial<Draw>): Draw => ({
  dutyPercent: 50,
  carLimitA: 16,
  carPhases: 3,
  evseThreePhases: true,
  ...change,
});

test('the lower of offer and car limit flows on three phases', () => {
  expect(drawnA(draw({}))).toEqual([16, 16, 16]);
  expect(drawnA(draw({ dutyPercent: 20 }))).toEqual([12, 12, 12]);
});

test('on one phase where the car or the EVSE has one', () => {
  expect(drawnA(draw({ carPhases: 1 }))).toEqual([16, 0, 0]);
  expect(drawnA(draw({ evseThreePhases: false }))).toEqual([16, 0, 0]);
});

test('a car without a limit takes what is offered, one that feeds back is limited as well', () => {
  expect(drawnA(draw({ carLimitA: 0 }))[0]).toBe(30);
  expect(drawnA(draw({ carLimitA: -40 }))[0]).toBe(-30);
});

test('at 5 % the car keeps a limit of its own', () => {
  expect(drawnA(draw({ dutyPercent: 5, carLimitA: 25 }))[0]).toBe(25);
});

test('without PWM nothing flows', () => {
  expect(drawnA(draw({ dutyPercent: 100 }))).toEqual([0, 0, 0]);
});

test.each([
  [2.9, 0],
  [3, 25],
  [7, 25],
  [7.1, 0],
  [8, 4.8],
  [10, 6],
  [84, 25],
  [88, 25],
  [97, 0],
])('at a duty of %f %% a car that wants 25 A draws %f A', (dutyPercent, currentA) => {
  expect(drawnA(draw({ dutyPercent, carLimitA: 25 }))[0]).toBeCloseTo(currentA, 9);
});

test('beyond 85 % the other line counts: 96 % and more is 80 A, 97 % nothing', () => {
  expect(drawnA(draw({ dutyPercent: 90, carLimitA: 0 }))).toEqual([65, 65, 65]);
  expect(drawnA(draw({ dutyPercent: 96.5, carLimitA: 100 }))[0]).toBe(80);
  expect(drawnA(draw({ dutyPercent: 97.5, carLimitA: 100 }))[0]).toBe(0);
});

test('at 5 % a car without a limit draws nothing: nobody told it how much', () => {
  expect(drawnA(draw({ dutyPercent: 5, carLimitA: 0 }))).toEqual([0, 0, 0]);
});
