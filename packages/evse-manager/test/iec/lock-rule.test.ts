import { expect, test } from '@jest/globals';
import { LockRule } from '../../src/iec/lock-rule.ts';

function lockRule() {
  const told: string[] = [];
  const failures: unknown[] = [];
  const port = {
    lock: async () => void told.push('lock'),
    unlock: async () => void told.push('unlock'),
  };
  return { rule: new LockRule(port, (error) => failures.push(error)), told, failures, port };
}

test('the lock hears of changes alone, and of its first position', () => {
  const { rule, told } = lockRule();
  rule.setWanted(false);
  rule.setWanted(false);
  rule.setWanted(true);
  rule.setRelayClosed(true);
  rule.setRelayClosed(false);
  rule.setWanted(false);
  expect(told).toEqual(['unlock', 'lock', 'unlock']);
});

test('a closed relay keeps the plug locked, whatever else is wanted', async () => {
  const { rule, told } = lockRule();
  rule.setRelayClosed(true);
  rule.setWanted(false);
  rule.setAuthorized(false);
  expect(await rule.forceUnlock(true)).toBe(false);
  expect(told).toEqual(['lock']);
});

test('an unlock by force holds until the car is gone', async () => {
  const { rule, told } = lockRule();
  rule.setWanted(true);
  expect(await rule.forceUnlock(true)).toBe(true);
  rule.setWanted(true);
  expect(told).toEqual(['lock', 'unlock']);
  rule.setWanted(false);
  rule.setWanted(true);
  expect(told).toEqual(['lock', 'unlock', 'lock']);
});

test('an unlock by force is sent although the plug is believed unlocked', async () => {
  const { rule, told } = lockRule();
  rule.setWanted(false);
  await rule.forceUnlock(false);
  expect(told).toEqual(['unlock', 'unlock']);
});

test('without authorisation the plug is free', () => {
  const { rule, told } = lockRule();
  rule.setAuthorized(false);
  rule.setWanted(true);
  rule.setAuthorized(true);
  expect(told).toEqual(['unlock', 'lock']);
});

test('a lock that failed is told again', async () => {
  const { rule, told, failures, port } = lockRule();
  const working = port.lock;
  port.lock = async () => {
    throw new Error('jammed');
  };
  rule.setWanted(true);
  await new Promise((resolve) => process.nextTick(resolve));
  expect(failures).toHaveLength(1);
  port.lock = working;
  rule.setWanted(true);
  expect(told).toEqual(['lock']);
});

test('what is held stays locked when nobody wants it, but for force', async () => {
  const { rule, told } = lockRule();
  rule.setWanted(true);
  rule.setHeld(true);
  rule.setWanted(false);
  rule.setAuthorized(false);
  expect(told).toEqual(['lock']);
  expect(await rule.forceUnlock(true)).toBe(true);
  rule.setHeld(true);
  expect(told).toEqual(['lock', 'unlock']);
});

test('nothing is told before something has changed: a car may be under load when a station starts anew', () => {
  const { rule, told } = lockRule();
  rule.setHeld(false);
  rule.setAuthorized(true);
  expect(told).toEqual([]);
});

test('what is held no more is locked as the pilot wants it', () => {
  const { rule, told } = lockRule();
  rule.setHeld(true);
  rule.setHeld(false);
  expect(told).toEqual(['lock', 'unlock']);
});
