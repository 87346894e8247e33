import { describe, expect, test } from '@jest/globals';
import { mayEnter } from '../../src/server/passwords.ts';

function basic(user: string, password: string | Buffer): string {
  return `Basic ${Buffer.concat([Buffer.from(`${user}:`), Buffer.from(password)]).toString('base64')}`;
}

describe('a station and its password', () => {
  const passwords = { cp001: 'secret', 'cp:2': 'with:colon', hex: '00112233445566778899AABBCCDDEEFF' };

  test('any will do where none is set', () => {
    expect(mayEnter(undefined, 'cp001', undefined)).toBe(true);
    expect(mayEnter(passwords, 'other', basic('other', 'x'))).toBe(true);
    expect(mayEnter(passwords, 'constructor', undefined)).toBe(true);
  });

  test('the right one of the right station', () => {
    expect(mayEnter(passwords, 'cp001', basic('cp001', 'secret'))).toBe(true);
    expect(mayEnter(passwords, 'cp:2', basic('cp:2', 'with:colon'))).toBe(true);
    expect(mayEnter(passwords, 'cp001', basic('cp001', 'Secret'))).toBe(false);
    expect(mayEnter(passwords, 'cp001', basic('cp002', 'secret'))).toBe(false);
    expect(mayEnter(passwords, 'cp001', undefined)).toBe(false);
    expect(mayEnter(passwords, 'cp001', 'Bearer secret')).toBe(false);
  });

  test('hexadecimal digits, or the bytes that they mean', () => {
    expect(mayEnter(passwords, 'hex', basic('hex', passwords.hex))).toBe(true);
    expect(mayEnter(passwords, 'hex', basic('hex', Buffer.from(passwords.hex, 'hex')))).toBe(true);
    expect(mayEnter(passwords, 'hex', basic('hex', passwords.hex.slice(2)))).toBe(false);
  });
});
