import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { proxyFromEnvironment } from '../../src/transport/proxy-from-environment.ts';

const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]);
const before = names.map((name) => [name, process.env[name]] as const);

function set(environment: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(environment))
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
}

beforeEach(() => set(Object.fromEntries(names.map((name) => [name, undefined]))));
afterEach(() => set(Object.fromEntries(before)));

test.each([
  [{}, 'ws://csms.example/cp001', undefined],
  [{ HTTP_PROXY: 'http://proxy:3128' }, 'ws://csms.example/cp001', 'http://proxy:3128'],
  [{ HTTP_PROXY: 'http://proxy:3128' }, 'wss://csms.example/cp001', undefined],
  [{ HTTPS_PROXY: 'http://proxy:3128' }, 'wss://csms.example/cp001', 'http://proxy:3128'],
  [{ https_proxy: 'https://user:pass@proxy' }, 'wss://csms.example/cp001', 'https://user:pass@proxy'],
  [{ ALL_PROXY: 'http://proxy:3128' }, 'ws://csms.example/cp001', 'http://proxy:3128'],
  [{ HTTPS_PROXY: 'proxy:3128' }, 'wss://csms.example/cp001', 'http://proxy:3128'],
  [{ HTTP_PROXY: 'http://proxy', NO_PROXY: 'other.example,csms.example' }, 'ws://csms.example/cp001', undefined],
  [{ HTTP_PROXY: 'http://proxy', NO_PROXY: '.example' }, 'ws://csms.example:9000/cp001', undefined],
  [{ HTTP_PROXY: 'http://proxy', NO_PROXY: 'csms.example:80' }, 'ws://csms.example/cp001', undefined],
  [{ HTTP_PROXY: 'http://proxy', NO_PROXY: 'csms.example:80' }, 'ws://csms.example:9000/cp001', 'http://proxy'],
  [{ HTTP_PROXY: 'http://proxy', NO_PROXY: '*' }, 'ws://csms.example/cp001', undefined],
  [{ HTTP_PROXY: 'http://proxy' }, 'ws://localhost:9000/cp001', undefined],
  [{ HTTP_PROXY: 'http://proxy' }, 'ws://127.0.0.1:9000/cp001', undefined],
  [{ HTTP_PROXY: 'http://proxy' }, 'ws://[::1]:9000/cp001', undefined],
])('%j on the way to %s: %s', (environment, url, proxy) => {
  set(environment);
  expect(proxyFromEnvironment(url)).toBe(proxy);
});

test('one of a kind that cannot be used is said, without its password', () => {
  set({ ALL_PROXY: 'socks5://user:secret@proxy' });
  expect(() => proxyFromEnvironment('ws://csms.example/cp001')).toThrow(
    expect.objectContaining({ code: 'OCPP_PROXY', message: expect.not.stringContaining('secret') }),
  );
});
