import { expect, test } from '@jest/globals';
import { csmsUrl } from '../../src/transport/csms-url.ts';

test.each([
  ['127.0.0.1:9000/cp001', 'cp001', 0, 'ws://127.0.0.1:9000/cp001'],
  ['127.0.0.1:9000/', 'cp001', 1, 'ws://127.0.0.1:9000/cp001'],
  ['127.0.0.1:9000', 'cp001', 2, 'wss://127.0.0.1:9000/cp001'],
  [
    'ws://csms.example:8180/steve/websocket/CentralSystemService/',
    'cp001',
    0,
    'ws://csms.example:8180/steve/websocket/CentralSystemService/cp001',
  ],
  ['wss://csms.example/ocpp/cp001', 'cp001', 3, 'wss://csms.example/ocpp/cp001'],
  ['localhost:9000/cp001/cp001', 'cp001', 0, 'ws://localhost:9000/cp001/cp001'],
  ['ws://csms.example/ocpp', 'Garage 3/left', 0, 'ws://csms.example/ocpp/Garage%203%2Fleft'],
  ['ws://csms.example/ocpp/Garage%203', 'Garage 3', 0, 'ws://csms.example/ocpp/Garage%203'],
  ['[::1]:9000', 'cp001', 0, 'ws://[::1]:9000/cp001'],
  ['ws://csms.example/ocpp?tenant=7', 'cp001', 0, 'ws://csms.example/ocpp/cp001?tenant=7'],
])('%s as %s in profile %i', (uri, identity, securityProfile, url) => {
  expect(csmsUrl({ uri, identity, securityProfile })).toBe(url);
});

test.each([
  ['', 'cp001', 0],
  ['ws://', 'cp001', 0],
  ['ws://csms.example', '', 0],
  ['ws://csms.example', 'cp001', 2],
  ['wss://csms.example', 'cp001', 1],
  ['http://csms.example', 'cp001', 0],
  ['ws://csms.example', 'a:b', 1],
])('%s as "%s" in profile %i is refused, and says so', (uri, identity, securityProfile) => {
  expect(() => csmsUrl({ uri, identity, securityProfile })).toThrow(
    expect.objectContaining({ code: 'OCPP_CSMS_URI', message: expect.stringContaining(`"${uri}"`) }),
  );
});
