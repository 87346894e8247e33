import { expect, test } from '@jest/globals';
import { readDer } from '../../src/der/der-reader.ts';
import { der } from '../../src/der/der-writer.ts';

test('writes what the standard says', () => {
  expect(der.objectId('1.2.840.10045.4.3.2').toString('hex')).toBe('06082a8648ce3d040302');
  expect(der.integer(Buffer.from([0x80])).toString('hex')).toBe('02020080');
  expect(der.boolean(true).toString('hex')).toBe('0101ff');
  expect(der.octetString(Buffer.alloc(300)).subarray(0, 4).toString('hex')).toBe('0482012c');
});

test('reads back what was written, long and short', () => {
  const parts = [der.integer(Buffer.from([1])), der.octetString(Buffer.alloc(200, 7)), der.utf8String('é')];
  const [sequence, ...more] = readDer(der.sequence(...parts));
  expect(more).toEqual([]);
  expect(readDer(sequence?.content ?? Buffer.alloc(0)).map(({ whole }) => whole)).toEqual(parts);
});

test.each(['30', '3005020101', '0482'])('refuses what ends too early: %s', (hex) => {
  expect(() => readDer(Buffer.from(hex, 'hex'))).toThrow();
});
