import { describe, expect, test } from '@jest/globals';
import { booted, charging, type Station, startStation, useStationFolder } from './support/ocpp-station.ts';

useStationFolder();

/** What the CSMS hears of connectors from now on, as status, code and vendor's code. */
function listen({ csms }: Station): () => string[] {
  const before = csms.payloads('StatusNotification').length;
  return () =>
    csms
      .payloads('StatusNotification')
      .slice(before)
      .map(({ connectorId, status, errorCode, vendorErrorCode = '' }) =>
        `${connectorId} ${status} ${errorCode} ${vendorErrorCode}`.trimEnd(),
      );
}

const at1 = { evse: 1 };
const lowVoltage = { type: 'evse_board_support/MREC6UnderVoltage' };
const inoperative = {
  type: 'evse_manager/Inoperative',
  message: 'evse_board_support/MREC6UnderVoltage',
  description: 'MREC6UnderVoltage',
  vendor_id: 'EVerest',
};

describe('an error of the mesh', () => {
  test('is told at the connector of its EVSE, the station’s at 0', async () => {
    const station = await booted();
    const heard = listen(station);
    station.evse.raise('evse', { type: 'evse_manager/Internal' }, at1);
    station.system.raise('main', { type: 'system/CommunicationFault' });
    await station.mesh.clock.advance(10);
    station.evse.clear('evse', 'evse_manager/Internal');
    station.system.clear('main', 'system/CommunicationFault');
    await station.mesh.clock.advance(10);
    expect(heard()).toEqual([
      '1 Available OtherError Internal',
      '0 Available OtherError CommunicationFault',
      '1 Available NoError',
      '0 Available NoError',
    ]);
  });

  test('of an EVSE that OCPP does not have is the station’s, from the raise to the clear', async () => {
    const station = await booted();
    const heard = listen(station);
    station.evse.raise('evse', lowVoltage, { evse: 7 });
    await station.mesh.clock.advance(10);
    station.evse.clear('evse', lowVoltage.type);
    await station.mesh.clock.advance(10);
    expect(heard()).toEqual(['0 Available UnderVoltage CX006', '0 Available NoError']);
  });

  test('of an EVSE with another number than its place is told at its place', async () => {
    const station = await booted({
      evse: (probe) => probe.answer('evse', 'get_evse', () => ({ id: 5, connectors: [{ id: 1 }] })),
    });
    const heard = listen(station);
    station.evse.raise('evse', lowVoltage, { evse: 5 });
    await station.mesh.clock.advance(10);
    expect(heard()).toEqual(['1 Available UnderVoltage CX006']);
  });

  test('belongs to the EVSE of its connector, for an EVSE’s connector 1 is not the station’s', async () => {
    const station = await booted();
    const heard = listen(station);
    station.evse.raise('evse', lowVoltage, { evse: 1, connector: 2 });
    await station.mesh.clock.advance(10);
    expect(heard()).toEqual(['1 Available UnderVoltage CX006']);
  });

  test('that is none leaves the status as it is, Inoperative covers it, and its end shows what became of it', async () => {
    const station = await charging();
    const { evse, mesh, session } = station;
    const heard = listen(station);
    evse.raise('evse', lowVoltage, at1);
    evse.raise('evse', inoperative, at1);
    await mesh.clock.advance(10);
    await session('ChargingPausedEVSE', { charging_paused_evse: { reasons: ['Error'] } });
    expect(heard()).toEqual(['1 Charging UnderVoltage CX006', '1 Faulted OtherError MREC6UnderVoltage']);
    evse.clear('evse', lowVoltage.type);
    await mesh.clock.advance(10);
    expect(heard()).toHaveLength(2);
    evse.clear('evse', inoperative.type);
    await mesh.settle();
    expect(heard().slice(2)).toEqual(['1 SuspendedEVSE NoError']);
  });

  test('that gets another cause makes nobody believe in between that the connector is available', async () => {
    const station = await booted();
    const { evse, mesh } = station;
    const heard = listen(station);
    const tilt = { type: 'evse_board_support/TiltDetected' };
    evse.raise('evse', inoperative, at1);
    evse.raise('evse', tilt, at1);
    await mesh.clock.advance(10);
    evse.clear('evse', inoperative.type);
    await mesh.clock.advance(99);
    evse.raise('evse', { ...inoperative, message: tilt.type, description: 'TiltDetected' }, at1);
    await mesh.clock.advance(1_000);
    expect(heard()).toEqual([
      '1 Faulted OtherError MREC6UnderVoltage',
      '1 Faulted OtherError TiltDetected',
      '1 Faulted OtherError TiltDetected',
    ]);
    evse.clear('evse', tilt.type);
    evse.clear('evse', inoperative.type);
    await mesh.settle();
    expect(heard().slice(3)).toEqual(['1 Available NoError']);
  });

  test('that clears while something else is wrong is over after a moment', async () => {
    const station = await booted();
    const { evse, mesh } = station;
    evse.raise('evse', { type: 'evse_board_support/MREC3HighTemperature' }, at1);
    evse.raise('evse', inoperative, at1);
    await mesh.clock.advance(10);
    const heard = listen(station);
    evse.clear('evse', inoperative.type);
    await mesh.clock.advance(99);
    expect(heard()).toEqual([]);
    await mesh.clock.advance(1);
    expect(heard()).toEqual(['1 Available HighTemperature CX003']);
  });

  test('that clears is over at once where only another EVSE has something', async () => {
    const station = await booted();
    const { evse, mesh, system } = station;
    system.raise('main', { type: 'system/CommunicationFault' });
    evse.raise('evse', inoperative, at1);
    await mesh.clock.advance(10);
    const heard = listen(station);
    evse.clear('evse', inoperative.type);
    await mesh.settle();
    expect(heard()).toEqual(['1 Available NoError']);
  });

  test('that clears is not taken for a change because another EVSE has one', async () => {
    const station = await booted();
    const { evse, mesh, system } = station;
    evse.raise('evse', { type: 'evse_board_support/MREC3HighTemperature' }, at1);
    evse.raise('evse', inoperative, at1);
    await mesh.clock.advance(10);
    const heard = listen(station);
    evse.clear('evse', inoperative.type);
    system.raise('main', inoperative);
    await mesh.clock.advance(99);
    expect(heard()).toEqual(['0 Faulted OtherError MREC6UnderVoltage']);
    await mesh.clock.advance(1);
    expect(heard().at(-1)).toBe('1 Available HighTemperature CX003');
  });

  test('among several is told alone; the newest that is left stays', async () => {
    const station = await booted();
    const { evse, mesh } = station;
    const heard = listen(station);
    for (const type of ['MREC6UnderVoltage', 'MREC3HighTemperature', 'BrownOut']) {
      evse.raise('evse', { type: `evse_board_support/${type}` }, at1);
      await mesh.clock.advance(10);
    }
    evse.clear('evse', 'evse_board_support/MREC3HighTemperature');
    await mesh.clock.advance(10);
    evse.clear('evse', 'evse_board_support/BrownOut');
    await mesh.clock.advance(10);
    evse.clear('evse', 'evse_board_support/MREC6UnderVoltage');
    await mesh.clock.advance(10);
    expect(heard()).toEqual([
      '1 Available UnderVoltage CX006',
      '1 Available HighTemperature CX003',
      '1 Available OtherError BrownOut',
      '1 Available OtherError BrownOut',
      '1 Available UnderVoltage CX006',
      '1 Available NoError',
    ]);
  });

  test('with two sub types is two errors', async () => {
    const station = await booted();
    const { evse, mesh } = station;
    const heard = listen(station);
    const type = 'evse_manager/MREC22ResistanceFault';
    evse.raise('evse', { type: 'evse_manager/Internal', sub_type: 'a' }, at1);
    evse.raise('evse', { type: 'evse_manager/Internal', sub_type: 'b' }, at1);
    evse.raise('evse', { type, sub_type: 'VoltageToEarth' }, at1);
    await mesh.clock.advance(10);
    evse.clear('evse', type, 'VoltageToEarth');
    evse.clear('evse', 'evse_manager/Internal', 'b');
    evse.clear('evse', 'evse_manager/Internal', 'a');
    await mesh.clock.advance(10);
    expect(heard()).toEqual([
      '1 Available OtherError Internal/a',
      '1 Available OtherError Internal/b',
      '1 Available OtherError CX022',
      '1 Available OtherError Internal/b',
      '1 Available OtherError Internal/a',
      '1 Available NoError',
    ]);
  });

  test('is told without a manifest by a program that speaks the wire format alone', async () => {
    const station = await booted();
    const heard = listen(station);
    const { mesh } = station;
    const stranger = {
      type: 'generic/VendorError',
      sub_type: 'door',
      message: 'the door is open',
      description: 'd',
      severity: 'Low',
      state: 'Active',
      origin: { module_id: 'cabinet', implementation_id: 'door', mapping: { evse: 1 } },
      vendor_id: 'v',
      uuid: 'x',
      timestamp: '2026-01-01T00:00:00.000Z',
    };
    const topic = mesh.topics.error('cabinet', 'door', stranger.type);
    mesh.external.publish(topic, JSON.stringify({ msg_type: 'RaiseError', data: stranger }));
    await mesh.clock.advance(10);
    expect(station.csms.payloads('StatusNotification').at(-1)).toEqual({
      connectorId: 1,
      status: 'Available',
      errorCode: 'OtherError',
      info: 'cabinet->door',
      vendorId: 'the door is open',
      vendorErrorCode: 'VendorError/door',
      timestamp: expect.any(String),
    });
    const gone = { ...stranger, state: 'ClearedByModule' };
    mesh.external.publish(topic, JSON.stringify({ msg_type: 'ClearError', data: gone }));
    await mesh.clock.advance(10);
    expect(heard()).toEqual(['1 Available OtherError VendorError/door', '1 Available NoError']);
  });
});

describe('an error that the CSMS could not hear of when it came', () => {
  test('before the boot is in the first state of its connector, the newest of several', async () => {
    const station = await startStation();
    const { mesh, evse } = station;
    const heard = listen(station);
    evse.raise('evse', lowVoltage, at1);
    await mesh.clock.advance(10);
    evse.raise('evse', inoperative, at1);
    evse.publish('evse', 'waiting_for_external_ready', true);
    await mesh.clock.advance(1_000);
    expect(heard()).toEqual(['0 Available NoError', '1 Faulted OtherError MREC6UnderVoltage']);
  });

  test('and is over by the boot is not told at all', async () => {
    const station = await startStation();
    const { mesh, evse } = station;
    const heard = listen(station);
    evse.raise('evse', lowVoltage, at1);
    await mesh.clock.advance(10);
    evse.clear('evse', lowVoltage.type);
    evse.publish('evse', 'waiting_for_external_ready', true);
    await mesh.clock.advance(1_000);
    expect(heard()).toEqual(['0 Available NoError', '1 Available NoError']);
  });

  test('without a link is told with the states when the link is back', async () => {
    const station = await booted();
    const { mesh, csms, evse } = station;
    csms.reachable = false;
    csms.drop();
    await mesh.clock.advance(1_000);
    const heard = listen(station);
    evse.raise('evse', lowVoltage, at1);
    evse.raise('evse', inoperative, at1);
    await mesh.clock.advance(1_000);
    evse.clear('evse', inoperative.type);
    await mesh.clock.advance(1_000);
    csms.reachable = true;
    await mesh.clock.advance(600_000);
    expect(heard()).toEqual(['0 Available NoError', '1 Available UnderVoltage CX006']);
  });

  test('while the station is stopped is in the states of its next life; one that is over is not', async () => {
    const station = await booted();
    const { mesh, evse } = station;
    evse.raise('evse', { type: 'evse_board_support/BrownOut' }, at1);
    await mesh.clock.advance(10);
    await mesh.call('ocpp', 'ocpp_generic', 'stop');
    const heard = listen(station);
    evse.clear('evse', 'evse_board_support/BrownOut');
    evse.raise('evse', lowVoltage, at1);
    await mesh.clock.advance(1_000);
    await mesh.call('ocpp', 'ocpp_generic', 'restart');
    await mesh.clock.advance(1_000);
    expect(heard()).toEqual(['0 Available NoError', '1 Available UnderVoltage CX006']);
    evse.clear('evse', lowVoltage.type);
    await mesh.clock.advance(10);
    expect(heard().at(-1)).toBe('1 Available NoError');
  });

  test('that was there before a stop and a restart is not forgotten', async () => {
    const station = await booted();
    const { mesh, evse } = station;
    evse.raise('evse', inoperative, at1);
    await mesh.clock.advance(10);
    await mesh.call('ocpp', 'main', 'stop');
    const heard = listen(station);
    await mesh.call('ocpp', 'main', 'restart');
    await mesh.clock.advance(1_000);
    expect(heard()).toEqual(['0 Available NoError', '1 Faulted OtherError MREC6UnderVoltage']);
  });
});
