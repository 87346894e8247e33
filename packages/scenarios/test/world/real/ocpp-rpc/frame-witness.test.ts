import { VirtualClock } from '@chargemesh/base';
import { checkTranscript } from '@chargemesh/csms';
import { createFrameValidator } from '@chargemesh/ocpp-core';
import { expect, test } from '@jest/globals';
import { FrameWitness } from '../../../../src/world/real/ocpp-rpc/frame-witness.ts';

const validator = createFrameValidator({ strict: true });

function witnessed(): { readonly witness: FrameWitness; readonly lines: string[] } {
  const lines: string[] = [];
  const witness = new FrameWitness({
    clock: new VirtualClock(),
    validator,
    transcript: (line) => lines.push(line),
  });
  witness.connected('cp', '/cp');
  return { witness, lines };
}

const boot = '[2,"1","BootNotification",{"chargePointVendor":"A","chargePointModel":"B"}]';
const accepted = '[3,"1",{"status":"Accepted","currentTime":"2026-01-01T00:00:00Z","interval":300}]';
const start =
  '[2,"2","StartTransaction",{"connectorId":1,"idTag":"X","meterStart":0,"timestamp":"2026-01-01T00:00:00Z"}]';

test('what passes makes the ledger', () => {
  const { witness } = witnessed();
  witness.received('cp', boot);
  witness.sent('cp', accepted);
  witness.received('cp', start);
  witness.sent('cp', '[3,"2",{"transactionId":77,"idTagInfo":{"status":"Accepted"}}]');
  expect(witness.view('cp')).toMatchObject({
    connected: true,
    registration: 'Accepted',
    transactions: [{ id: 77, idTag: 'X', connectorId: 1 }],
    violations: 0,
  });
  witness.disconnected('cp');
  expect(witness.list()).toMatchObject([{ station: 'cp', connected: false }]);
});

test('a station is held to the rules, and to what the CSMS itself says', () => {
  const { witness, lines } = witnessed();
  witness.received('cp', '[2,"1","Heartbeat",{"loud":true}]');
  expect(witness.violations.map(({ rule }) => rule)).toEqual(['FIELD_UNKNOWN', 'SCHEMA']);
  expect(checkTranscript(lines, { validator })).toEqual(witness.violations);
  witness.objected('cp', 'SCHEMA', 'ocpp-rpc says so', start);
  expect(witness.view('cp').violations).toBe(3);
});

test('each frame is told as it passes', () => {
  const { witness } = witnessed();
  const heard: string[] = [];
  const listening = witness.onFrame(({ dir, text }) => heard.push(`${dir} ${text}`));
  witness.received('cp', boot);
  witness.sent('cp', accepted);
  witness.disconnected('cp');
  expect(heard).toEqual([`rx ${boot}`, `tx ${accepted}`, 'event disconnected']);
  listening.cancel();
  witness.connected('cp', '/cp');
  expect(heard).toHaveLength(3);
});

test('a station that never came is not known', () => {
  expect(() => witnessed().witness.view('other')).toThrow('other');
});
