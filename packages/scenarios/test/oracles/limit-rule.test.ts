import { expect, test } from '@jest/globals';
import { limitRule } from '../../src/oracles/limit-rule.ts';
import { layout, PlayedEvse, world } from './played-evse.ts';

const evse = () => new PlayedEvse(limitRule(layout, world));
const DUTY_16_A = 16 / 0.6;

test('an offer that follows its limit finds nothing', () => {
  const played = evse()
    .limit(32)
    .duty(DUTY_16_A)
    .current(16)
    .later(10_000)
    .limit(10)
    .later(300)
    .duty(10 / 0.6);
  expect(played.current(16).later(4_000).current(10).later(60_000).findings()).toEqual([]);
});

test('an offer above the limit for longer than 300 ms is found, once', () => {
  const played = evse().limit(32).duty(DUTY_16_A).limit(10).later(301).limit(10).later(10_000).limit(10);
  expect(played.findings()).toEqual(['EVSE 1: offers 16.0 A above the limit of 10 A']);
});

test('an offer that stays when the limit has run out is found', () => {
  const played = evse().limit(32, 10).duty(DUTY_16_A).later(10_100).current(1).later(301).current(1);
  expect(played.findings()).toEqual(['EVSE 1: offers 16.0 A above the limit of 0 A']);
});

test('a car that draws more than the limit for longer than it may is found', () => {
  const played = evse()
    .limit(32)
    .duty(DUTY_16_A)
    .current(16)
    .limit(10)
    .duty(10 / 0.6);
  for (let second = 0; second <= 7; second++) played.later(1_000).current(16);
  expect(played.findings()).toEqual(['EVSE 1: 16.0 A flow above the limit of 10 A']);
});

test('a duty of 5 % and a steady pilot offer nothing', () => {
  expect(evse().limit(0).duty(5).later(1_000).duty(100).later(1_000).findings()).toEqual([]);
});

test('what is signalled with nobody plugged in is offered to nobody, until somebody is', () => {
  const free = evse().board('B').limit(32).duty(DUTY_16_A).board('A', 'PowerOff').limit(0).later(10_000);
  expect(free.findings()).toEqual([]);
  const again = evse().board('B').limit(32).duty(DUTY_16_A).board('A').limit(0).board('F', 'B').later(301).limit(0);
  expect(again.findings()).toEqual(['EVSE 1: offers 16.0 A above the limit of 0 A']);
});
