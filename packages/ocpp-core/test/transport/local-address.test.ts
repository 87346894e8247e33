import { describe, expect, test } from '@jest/globals';
import { localAddress, type NetworkInterfaces } from '../../src/transport/local-address.ts';

const machine: NetworkInterfaces = () => ({
  lo: [{ address: '127.0.0.1', family: 'IPv4', internal: true }],
  wwan0: [
    { address: 'fe80::1', family: 'IPv6', internal: false },
    { address: '2001:db8::5', family: 'IPv6', internal: false },
    { address: '10.1.2.3', family: 'IPv4', internal: false },
  ],
  eth0: [{ address: 'fe80::2', family: 'IPv6', internal: false }],
});

describe('the key IFace', () => {
  test.each([
    ['csms.example', '10.1.2.3'],
    ['192.0.2.7', '10.1.2.3'],
    ['[2001:db8::7]', '2001:db8::5'],
  ])('%s is reached from %s', (host, address) => {
    expect(localAddress('wwan0', host, machine)).toBe(address);
  });

  test('an interface that there is not, or that has no fitting address, is said', () => {
    expect(() => localAddress('wlan0', 'csms.example', machine)).toThrow(
      'there is no network interface wlan0 (IFace), only lo, wwan0, eth0',
    );
    expect(() => localAddress('eth0', 'csms.example', machine)).toThrow('no address to reach csms.example from');
    expect(() => localAddress('lo', '[::1]', machine)).toThrow('no address to reach [::1] from');
  });
});
