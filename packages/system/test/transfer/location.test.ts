import { describe, expect, test } from '@jest/globals';
import { parseLocation, withFileName } from '../../src/transfer/location.ts';

describe('an address', () => {
  test('OpenEVSE-792: credentials are decoded, and are not shown', () => {
    expect(parseLocation('ftp://u%40x:p%23@host/f%20w.bin#key=1')).toEqual({
      protocol: 'ftp:',
      host: 'host',
      port: undefined,
      user: 'u@x',
      password: 'p#',
      path: '/f w.bin',
      shown: 'ftp://host/f%20w.bin',
    });
  });

  test('of HTTP keeps its path as it is, with the query', () => {
    expect(parseLocation('https://[::1]:8443/a%20b?x=1')).toMatchObject({
      host: '::1',
      port: 8443,
      user: undefined,
      path: '/a%20b?x=1',
    });
  });

  test.each(['', 'firmware.bin', '/tmp/firmware.bin', 'http://'])('%j is none', (text) => {
    expect(() => parseLocation(text)).toThrow(expect.objectContaining({ fault: 'BadMessage', isLasting: true }));
  });

  test.each(['C:\\updates\\fw.bin', 'sftp://host/f', 'file:///etc/passwd'])('%s is none of ours', (text) => {
    expect(() => parseLocation(text)).toThrow(expect.objectContaining({ isLasting: true }));
  });

  test('of a folder gets the name of the file, that of a file stays', () => {
    expect(withFileName('ftp://u:p@host/logs/', 'a b.gz')).toBe('ftp://u:p@host/logs/a%20b.gz');
    expect(withFileName('http://host/upload?id=1', 'a.gz')).toBe('http://host/upload?id=1');
    expect(withFileName('no address', 'a.gz')).toBe('no address');
  });
});
