import { describe, expect, test } from '@jest/globals';
import { MeshStation } from './mesh-station.ts';

describe('a session with the car plugged in first', () => {
  test('goes from the plug over the card, the offer and the relay to the end', async () => {
    const station = new MeshStation();
    await station.start();
    expect(station.newEvents()).toEqual(['Enabled']);
    expect(station.boardCalls).toContain('enable true');

    await station.letter('B');
    expect(station.newEvents()).toEqual(['SessionStarted', 'AuthRequired']);
    expect(station.board.calls('connector_lock', 'lock')).toHaveLength(1);
    const started = station.sessionEvents.find(({ event }) => event === 'SessionStarted');
    expect(started?.session_started).toMatchObject({
      reason: 'EVConnected',
      meter_value: { energy_Wh_import: { total: 1000 } },
    });

    station.board.forgetCalls();
    await station.authorize();
    expect(station.newEvents()).toEqual(['Authorized', 'TransactionStarted', 'PrepareCharging']);
    expect(station.board.calls('powermeter', 'start_transaction')[0]?.args).toEqual({
      value: {
        evse_id: '1',
        transaction_id: started?.uuid,
        identification_status: 'ASSIGNED',
        identification_flags: [],
        identification_type: 'ISO14443',
        identification_data: 'TAG1',
      },
    });
    expect(station.boardCalls).toEqual(['pwm_on 53.33']);

    await station.letter('C', 'PowerOn');
    expect(station.newEvents()).toEqual(['ChargingStarted']);
    expect(station.boardCalls).toEqual(['pwm_on 53.33', 'allow_power_on true']);
    expect(station.state).toBe('Charging');

    station.meter(1500, 32);
    station.board.forgetCalls();
    const idTag = { id_token: { value: 'TAG1', type: 'ISO14443' }, authorization_type: 'RFID' };
    expect(await station.evse('stop_transaction', { request: { reason: 'Local', id_tag: idTag } })).toBe(true);
    expect(station.newEvents()).toEqual(['StoppingCharging']);
    expect(station.boardCalls).toEqual(['cp_state_X1']);

    await station.letter('B', 'PowerOff');
    expect(station.boardCalls.slice(0, 2)).toEqual(['cp_state_X1', 'allow_power_on false']);
    expect(station.newEvents()).toEqual(['ChargingFinished', 'TransactionFinished']);
    expect(station.sessionEvents.at(-1)?.transaction_finished).toMatchObject({
      reason: 'Local',
      id_tag: idTag,
      meter_value: { energy_Wh_import: { total: 1500 } },
      start_signed_meter_value: { signed_meter_data: 'start' },
      signed_meter_value: { signed_meter_data: 'stop' },
    });
    expect(station.state).toBe('Finished');

    await station.letter('C');
    expect(station.newEvents()).toEqual([]);

    await station.letter('A');
    expect(station.newEvents()).toEqual(['SessionFinished']);
    expect(station.board.calls('connector_lock', 'unlock')).toHaveLength(1);
    expect(station.state).toBe('Idle');
    expect(new Set(station.sessionEvents.slice(1).map(({ uuid }) => uuid))).toEqual(new Set([started?.uuid]));
    await station.stop();
  });
});
