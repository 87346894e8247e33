import { SeededRandom, silentLogger, VirtualClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import type { ConnectionStatus, SecurityEvent, TransportClosed } from '../../src/index.ts';
import { Bench } from '../support/bench.ts';

test('tells when it is up and down, with the address as it was configured', async () => {
  using bench = new Bench();
  const statuses: ConnectionStatus[] = [];
  bench.chargePoint.on('connectionStatus', (status) => statuses.push(status));
  await bench.start();
  bench.csms.drop();
  await bench.clock.advance(1);
  const known = { csmsUri: '127.0.0.1:9000/cp001', identity: 'cp001', securityProfile: 0 };
  expect(statuses).toEqual([
    { ...known, connected: true },
    { ...known, connected: false, reason: 'broken' },
  ]);
  expect(bench.chargePoint.connection.connected).toBe(false);
});

test('carries what the profile and the configuration ask for', async () => {
  using bench = new Bench({
    sections: {
      Internal: { HostName: 'garage', IFace: 'wwan0' },
      Security: { SecurityProfile: 1, AuthorizationKey: '4142434445464748FF' },
    },
    options: { softwareVersion: 'v'.repeat(200) },
  });
  await bench.start();
  expect(bench.csms.dialled).toEqual([
    {
      url: 'ws://127.0.0.1:9000/cp001',
      headers: { 'User-Host': 'garage', 'EVerest-Version': 'v'.repeat(100) },
      networkInterface: 'wwan0',
      basicAuth: { user: 'cp001', password: Buffer.from('4142434445464748FF', 'hex') },
    },
  ]);
});

test('every frame is told, both ways, as it went', async () => {
  using bench = new Bench();
  const frames: string[] = [];
  bench.chargePoint.on('frame', ({ direction, text }) => frames.push(`${direction} ${text.slice(0, 2)}`));
  await bench.start();
  expect(frames.slice(0, 4)).toEqual(['out [2', 'in [3', 'out [2', 'in [3']);
  const [first] = bench.csms.heard;
  expect(first?.text.startsWith('[2,')).toBe(true);
});

test('libocpp-417: a certificate that is not trusted is told once until a connection comes about; a refused password each time', async () => {
  const clock = new VirtualClock();
  const failures: TransportClosed[] = [
    { reason: 'x', tlsError: 'SELF_SIGNED_CERT_IN_CHAIN' },
    { reason: 'x', tlsError: 'SELF_SIGNED_CERT_IN_CHAIN' },
    { reason: 'HTTP 401', httpStatus: 401 },
    { reason: 'HTTP 401', httpStatus: 401 },
  ];
  using bench = new Bench({
    options: {
      clock,
      random: new SeededRandom(2),
      log: silentLogger,
      transport: {
        open: (_, listener) => {
          const why = failures.shift();
          clock.setTimer(0, () => (why ? listener.closed(why) : listener.opened('ocpp1.6')));
          return { send: () => {}, ping: () => {}, close: () => {}, terminate: () => {} };
        },
      },
    },
  });
  const events: SecurityEvent[] = [];
  bench.chargePoint.on('securityEvent', (event) => events.push(event));
  bench.chargePoint.start('PowerUp');
  await clock.advance(300_000);
  expect(events.map(({ type, critical }) => [type, critical])).toEqual([
    ['StartupOfTheDevice', undefined],
    ['InvalidCentralSystemCertificate', true],
    ['FailedToAuthenticateAtCentralSystem', undefined],
    ['FailedToAuthenticateAtCentralSystem', undefined],
  ]);
});
