import { expect, jest, test } from '@jest/globals';
import { type MeshProcess, until } from './mesh-process.ts';
import { newMesh } from './meshes.ts';

jest.setTimeout(120_000);

/** A car charges at EVSE 1, and the CSMS has seen energy. */
async function charge(mesh: MeshProcess): Promise<void> {
  await mesh.do('csms', 'call', 'cp001', 'ChangeConfiguration', '{"key":"MeterValueSampleInterval","value":"1"}');
  await mesh.do('plug', '1');
  await mesh.do('swipe', '1', 'DEADBEEF');
  await until('energy', async () => ((await mesh.ledger())[0]?.energyWh ?? 0) > 0, 40_000);
}

test('the link to the CSMS is cut in the charge: what ends without it arrives later, in order and with its id', async () => {
  const mesh = newMesh();
  await mesh.up([]);
  await charge(mesh);
  await mesh.json('csms', 'refuse', 'on');
  await mesh.json('csms', 'drop', 'cp001');
  await mesh.do('unplug', '1');
  await mesh.do('plug', '1');
  await until('the broken link in status', async () => (await mesh.do('status')).includes('connection lost'));
  expect((await mesh.ledger()).map(({ reason }) => reason)).toEqual([null]);
  await mesh.json('csms', 'refuse', 'off');
  const [ended] = await until(
    'the end of the transaction',
    async () => {
      const ledger = await mesh.ledger();
      return ledger[0]?.reason && ledger;
    },
    60_000,
  );
  expect(ended).toMatchObject({ id: 1, reason: 'EVDisconnected' });
  expect(await mesh.violations()).toEqual([]);
});

test('a CSMS that answers StartTransaction wrongly twice gets it a third time', async () => {
  const mesh = newMesh();
  await mesh.up([]);
  await mesh.do('csms', 'answer', 'StartTransaction', 'CALLERROR', 'InternalError', '--next', '2');
  await mesh.do('plug', '1');
  await mesh.do('swipe', '1', 'DEADBEEF');
  const [started] = await until(
    'the transaction',
    async () => {
      const ledger = await mesh.ledger();
      return ledger.length > 0 && ledger;
    },
    60_000,
  );
  expect(started).toMatchObject({ idTag: 'DEADBEEF', reason: null });
});

test('the CSMS starts and stops from afar', async () => {
  const mesh = newMesh();
  await mesh.up([]);
  await mesh.do('plug', '2');
  await mesh.do('csms', 'call', 'cp001', 'RemoteStartTransaction', '{"connectorId":2,"idTag":"REMOTE1"}');
  const [started] = await until('the transaction', async () => {
    const ledger = await mesh.ledger();
    return ledger.length > 0 && ledger;
  });
  await mesh.do('csms', 'call', 'cp001', 'RemoteStopTransaction', `{"transactionId":${started?.id}}`);
  const [ended] = await until('its end', async () => {
    const ledger = await mesh.ledger();
    return ledger[0]?.reason && ledger;
  });
  expect(ended).toMatchObject({ connectorId: 2, idTag: 'REMOTE1', reason: 'Remote' });
  const refused = await mesh.try('csms', 'call', 'cp001', 'RemoteStartTransaction', '{"connectorId":"two"}');
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain('connectorId');
});

test('a card that is blocked does not charge, and swipe says so', async () => {
  const mesh = newMesh();
  await mesh.up([]);
  await mesh.do('plug', '1');
  const { code, stdout, stderr } = await mesh.try('swipe', '1', 'STOLEN01');
  expect(code).toBe(1);
  expect(`${stdout}${stderr}`).toMatch(/reject/i);
  expect(await mesh.ledger()).toEqual([]);
});

test('a second mesh with the same state says that one runs; a station with its state finds its meter again', async () => {
  const mesh = newMesh();
  await mesh.up(['--evses', '1']);
  const second = await mesh.try('up', '--evses', '1');
  expect(second.code).toBe(5);
  expect(second.stderr).toContain(`pid ${mesh.pid}`);
  await charge(mesh);
  await mesh.do('unplug', '1');
  const [first] = await until('the end', async () => {
    const ledger = await mesh.ledger();
    return ledger[0]?.reason && ledger;
  });
  await mesh.stop();
  await mesh.up(['--evses', '1']);
  await mesh.do('plug', '1');
  await mesh.do('swipe', '1', 'DEADBEEF');
  const again = await until('the next transaction', async () => (await mesh.ledger()).find(({ id }) => id === 2));
  expect(again.meterStartWh).toBe(first?.meterStopWh);
});

test.each(['SIGINT', 'SIGKILL'] as const)(
  'a mesh that is ended by %s in the charge ends the transaction when it is back, at what the meter reads',
  async (signal) => {
    const mesh = newMesh();
    await mesh.up(['--speed', '60']);
    await mesh.do('plug', '1');
    await mesh.do('swipe', '1', 'DEADBEEF');
    await until('energy', async () => ((await mesh.ledger())[0]?.energyWh ?? 0) > 0, 40_000);
    await mesh.stop(signal);
    await mesh.up([]);
    const cutOff = await until('the end of the transaction', async () =>
      (await mesh.ledger()).find(({ reason }) => reason !== null),
    );
    expect(cutOff).toMatchObject({ id: 1, reason: 'PowerLoss' });
    expect((await mesh.do('status')).match(/EVSE 1 .*/)?.[0]).toContain('Available');
    await mesh.do('plug', '1');
    await mesh.do('swipe', '1', 'DEADBEEF');
    const next = await until('the next transaction', async () => (await mesh.ledger()).find(({ id }) => id === 2));
    expect(next.meterStartWh).toBe(cutOff.meterStopWh);
    expect(await mesh.violations()).toEqual([]);
  },
);

test('a hard reset ends the transaction with its reason, and the broker is found where it was; inspect looks on', async () => {
  const mesh = newMesh();
  await mesh.up([]);
  const inspected = mesh.try('inspect', '--no-energy');
  await charge(mesh);
  const { broker } = await mesh.json<{ broker: object }>('status');
  await mesh.do('csms', 'call', 'cp001', 'Reset', '{"type":"Hard"}');
  await until('the second boot', async () => mesh.said.split('boot accepted').length > 2);
  expect((await mesh.ledger()).map(({ reason }) => reason)).toEqual(['HardReset']);
  expect(await mesh.json('status')).toMatchObject({ broker });
  expect(mesh.said).not.toMatch(/^(error|warning) /m);
  expect(await mesh.violations()).toEqual([]);
  await mesh.do('plug', '2');
  await mesh.stop();
  const { code, stdout, stderr } = await inspected;
  expect(stdout).toMatch(/HardReset.*evse_manager_2.evse session_event/s);
  expect([code, stderr]).toEqual([3, 'the mesh was started anew\nchargemesh: the mesh has ended\n']);
});
