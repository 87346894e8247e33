import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { MeshStation } from './mesh-station.ts';

const idTag = { id_token: { value: 'TAG1', type: 'ISO14443' }, authorization_type: 'RFID' };

async function started(options?: ConstructorParameters<typeof MeshStation>[0]): Promise<MeshStation> {
  const station = new MeshStation(options);
  await station.start();
  expect(station.newEvents()).toEqual(['Enabled']);
  return station;
}

/** A station that charges, with nothing told yet of what comes. */
async function charging(options?: ConstructorParameters<typeof MeshStation>[0]): Promise<MeshStation> {
  const station = await started(options);
  await station.charge();
  expect(station.state).toBe('Charging');
  station.newEvents();
  station.board.forgetCalls();
  return station;
}

describe('a session', () => {
  test('with the car first goes from the plug over the card, the offer and the relay to the end', async () => {
    const station = await started();
    expect(station.boardCalls).toContain('enable true');

    await station.letter('B');
    expect(station.newEvents()).toEqual(['SessionStarted', 'AuthRequired']);
    expect(station.board.calls('connector_lock', 'lock')).toHaveLength(1);
    const begin = station.sessionEvents.find(({ event }) => event === 'SessionStarted');
    expect(begin?.session_started).toMatchObject({
      reason: 'EVConnected',
      meter_value: { energy_Wh_import: { total: 1000 } },
    });

    station.board.forgetCalls();
    await station.authorize();
    expect(station.newEvents()).toEqual(['Authorized', 'TransactionStarted', 'PrepareCharging']);
    expect(station.board.calls('powermeter', 'start_transaction')[0]?.args).toEqual({
      value: {
        evse_id: '1',
        transaction_id: begin?.uuid,
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
    expect(new Set(station.sessionEvents.slice(1).map(({ uuid }) => uuid))).toEqual(new Set([begin?.uuid]));
    await station.stop();
  });

  test('with the card first begins with the authorisation', async () => {
    const station = await started();
    await station.authorize('TAG2');
    expect(station.newEvents()).toEqual(['SessionStarted', 'Authorized']);
    expect(station.sessionEvents.at(-2)?.session_started).toMatchObject({
      reason: 'Authorized',
      id_tag: { id_token: { value: 'TAG2' } },
    });
    await station.letter('B');
    expect(station.newEvents()).toEqual(['AuthRequired', 'TransactionStarted', 'PrepareCharging']);
    await station.stop();
  });

  test('with the card first and no car ends with the withdrawal', async () => {
    const station = await started();
    await station.authorize();
    station.newEvents();
    await station.evse('withdraw_authorization');
    expect(station.newEvents()).toEqual(['Deauthorized', 'SessionFinished']);
    await station.stop();
  });

  test('with a car that nobody authorises stays open after the plug-in time-out', async () => {
    const station = await started({ config: { raise_mrec9: true } });
    await station.letter('B');
    station.newEvents();
    await station.evse('withdraw_authorization');
    expect(station.newEvents()).toEqual(['Deauthorized', 'PluginTimeout']);
    expect(station.activeErrors).toContain('evse_manager/MREC9AuthorizationTimeout');
    await station.letter('A');
    expect(station.newEvents()).toEqual(['SessionFinished']);
    expect(station.activeErrors).toEqual([]);
    await station.stop();
  });

  test('that a fault has ended before its transaction goes with its car, whatever is taken back', async () => {
    const station = await started({ config: { raise_mrec9: true } });
    await station.letter('B');
    station.board.raise('board_support', { type: 'evse_board_support/MREC6UnderVoltage' });
    await station.mesh.settle();
    station.board.clear('board_support', 'evse_board_support/MREC6UnderVoltage');
    await station.mesh.settle();
    expect(station.state).toBe('Finished');
    station.newEvents();
    await station.evse('withdraw_authorization');
    expect(station.newEvents()).toEqual(['Deauthorized']);
    expect(station.activeErrors).toEqual([]);
    await station.letter('A');
    expect(station.newEvents()).toEqual(['SessionFinished']);
    await station.stop();
  });

  test('takes no refused token, and no token once it was cancelled', async () => {
    const station = await started();
    await station.letter('B');
    station.newEvents();
    await station.authorize('BAD', 'Invalid');
    expect(station.newEvents()).toEqual([]);
    await station.authorize();
    await station.evse('stop_transaction', { request: { reason: 'Remote' } });
    expect(station.state).toBe('Finished');
    station.newEvents();
    await station.authorize();
    expect(station.newEvents()).toEqual([]);
    await station.stop();
  });

  test('takes no token while it is being stopped', async () => {
    const station = await charging();
    await station.evse('stop_transaction', { request: { reason: 'Remote' } });
    await station.authorize();
    expect(station.newEvents()).toEqual(['StoppingCharging']);
    await station.letter('B', 'PowerOff');
    expect(station.newEvents()).toEqual(['ChargingFinished', 'TransactionFinished']);
    await station.stop();
  });

  test('ends with EVDisconnected when the car is unplugged in the charge', async () => {
    const station = await charging();
    await station.letter('A', 'PowerOff');
    expect(station.boardCalls.slice(0, 2)).toEqual(['cp_state_X1', 'allow_power_on false']);
    expect(station.newEvents()).toEqual([
      'StoppingCharging',
      'ChargingFinished',
      'TransactionFinished',
      'SessionFinished',
    ]);
    expect(station.sessionEvents.at(-2)?.transaction_finished?.reason).toBe('EVDisconnected');
    expect(station.state).toBe('Idle');
    await station.stop();
  });

  describe('that outlives its car', () => {
    async function outliving(options?: ConstructorParameters<typeof MeshStation>[0]): Promise<MeshStation> {
      const station = await charging(options);
      station.unplugging('{"ends_transaction":false}');
      await station.mesh.settle();
      station.board.forgetCalls();
      return station;
    }

    test('pauses while it is unplugged, with the plug locked, and goes on with the next car', async () => {
      const station = await outliving();
      await station.letter('A', 'PowerOff');
      expect(station.newEvents()).toEqual(['StoppingCharging', 'ChargingPausedEV']);
      expect(station.boardCalls.slice(0, 2)).toEqual(['cp_state_X1', 'allow_power_on false']);
      await station.mesh.clock.advance(3_600_000);
      expect([station.state, station.newEvents(), station.pwm]).toEqual(['Car Paused', [], []]);
      expect(station.board.calls('connector_lock')).toEqual([]);
      station.board.forgetCalls();
      await station.letter('B');
      expect(station.pwm).toHaveLength(1);
      await station.letter('C', 'PowerOn');
      expect(station.newEvents()).toEqual(['PrepareCharging', 'ChargingStarted']);
      expect(station.boardCalls).toContain('allow_power_on true');
      await station.stop();
    });

    test('goes on with the cable that has stayed in the socket', async () => {
      const station = await started();
      station.capabilities({ connector_type: 'IEC62196Type2Socket' });
      station.board.publish('board_support', 'ac_pp_ampacity', { ampacity: 'A_20' });
      await station.charge();
      station.unplugging('{"ends_transaction":false}');
      await station.letter('A', 'PowerOff');
      station.board.forgetCalls();
      await station.letter('B', 'C', 'PowerOn');
      expect(station.pwm).toEqual(['pwm_on 33.33']);
      // Then it is given back, and nobody knows what cable comes next.
      await station.letter('A', 'PowerOff');
      await station.evse('stop_transaction', { request: { reason: 'Remote' } });
      station.board.forgetCalls();
      await station.charge();
      expect(station.pwm).toEqual([]);
      await station.stop();
    });

    test('asks for no energy meanwhile, and again when a car is there', async () => {
      const station = await outliving({ config: { request_zero_power_in_idle: true } });
      const asked = (): number | undefined =>
        station.mesh.values('connector_1', 'energy_grid', 'energy_flow_request').at(-1)?.schedule_import[0]
          ?.limits_to_leaves.ac_max_current_A?.value;
      expect(asked()).toBe(32);
      await station.letter('A', 'PowerOff');
      expect(asked()).toBe(0);
      await station.letter('B');
      expect(asked()).toBe(6);
      await station.stop();
    });

    test.each(['E', 'F'] as const)(
      'lets go of the plug in %s, and holds it again when the fault is gone',
      async (letter) => {
        const station = await outliving();
        await station.letter('A', 'PowerOff', letter);
        await station.mesh.clock.advance(6_000);
        await station.letter('A');
        const told = station.board.calls('connector_lock').map(({ command }) => command);
        expect(told).toEqual(['unlock', 'lock']);
        await station.stop();
      },
    );

    test('can be stopped meanwhile: then the plug is let go and the session is over', async () => {
      const station = await outliving();
      await station.letter('A', 'PowerOff');
      station.newEvents();
      await station.evse('stop_transaction', { request: { reason: 'Remote' } });
      await station.mesh.settle();
      expect(station.newEvents()).toEqual([
        'StoppingCharging',
        'ChargingFinished',
        'TransactionFinished',
        'SessionFinished',
      ]);
      expect(station.sessionEvents.at(-2)?.transaction_finished?.reason).toBe('Remote');
      expect(station.board.calls('connector_lock').map(({ command }) => command)).toEqual(['unlock']);
      expect(station.state).toBe('Idle');
      await station.stop();
    });

    test('that had paused by itself is offered power again when it is plugged in again', async () => {
      const station = await outliving();
      await station.letter('B', 'PowerOff');
      await station.letter('A');
      station.board.forgetCalls();
      await station.letter('B');
      expect(station.pwm).toHaveLength(1);
      await station.stop();
    });

    test('is offered nothing while it is away, though a pause is over', async () => {
      const station = await outliving();
      await station.evse('pause_charging');
      await station.letter('B', 'PowerOff', 'A');
      station.board.forgetCalls();
      await station.evse('resume_charging');
      await station.mesh.clock.advance(60_000);
      expect([station.state, station.boardCalls]).toEqual(['Car Paused', []]);
      await station.stop();
    });

    test('stopped while it is unplugged: another car that comes before the meter has answered is a new one', async () => {
      const station = await outliving();
      await station.letter('A', 'PowerOff');
      const answered = Promise.withResolvers<object>();
      station.board.answer('powermeter', 'stop_transaction', () => answered.promise);
      void station.evse('stop_transaction', { request: { reason: 'Remote' } });
      await station.mesh.settle();
      await station.letter('B');
      station.newEvents();
      answered.resolve({ status: 'OK' });
      await station.mesh.settle();
      expect(station.newEvents()).toEqual([
        'ChargingFinished',
        'TransactionFinished',
        'SessionFinished',
        'SessionStarted',
        'AuthRequired',
      ]);
      await station.stop();
    });

    test('still pauses for the car when the fuse has no room left, or somebody asks for a pause', async () => {
      const station = await outliving();
      await station.letter('A', 'PowerOff');
      station.newEvents();
      await station.limit(0);
      await station.evse('pause_charging');
      await station.mesh.settle();
      expect(station.newEvents()).toEqual([]);
      await station.letter('B');
      expect(station.newEvents()).toEqual(['ChargingPausedEVSE']);
      await station.stop();
    });

    test('ends with the car again once it is to, or where what was told makes no sense', async () => {
      const station = await outliving();
      for (const text of ['', 'soon', '{"ends_transaction":"no"}']) station.unplugging(text);
      await station.mesh.settle();
      await station.letter('A', 'PowerOff');
      expect(station.newEvents()).toEqual(['StoppingCharging', 'ChargingPausedEV']);
      station.unplugging('{"ends_transaction":true}');
      await station.mesh.settle();
      expect(station.newEvents()).toEqual([
        'StoppingCharging',
        'ChargingFinished',
        'TransactionFinished',
        'SessionFinished',
      ]);
      expect(station.sessionEvents.at(-2)?.transaction_finished?.reason).toBe('EVDisconnected');
      await station.stop();
    });
  });

  test.each([true, false])(
    'goes on when the module returns, and the lock is not opened under load (unlock_when_deauthorized %j)',
    async (unlocks) => {
      const stateDir = mkdtempSync(join(tmpdir(), 'evse-manager-'));
      const station = await charging({ stateDir, run: 'run', config: { unlock_when_deauthorized: unlocks } });
      await station.mesh.kill('connector_1');
      await station.mesh.startModule('connector_1');
      station.unplugging('{"ends_transaction":false}');
      await station.letter('C');
      await station.mesh.sayReady();
      station.capabilities({});
      station.meter(1000);
      await station.mesh.settle();
      await station.letter('C', 'PowerOn');
      expect(station.newEvents()).toContain('SessionResumed');
      expect(station.board.calls('connector_lock').map(({ command }) => command)).toEqual(['lock']);
    },
  );

  test('ends although another car comes before the meter has answered', async () => {
    const station = await charging();
    const answered = Promise.withResolvers<object>();
    station.board.answer('powermeter', 'stop_transaction', () => answered.promise);
    await station.letter('A', 'PowerOff');
    expect(station.newEvents()).toEqual(['StoppingCharging']);
    await station.letter('B');
    answered.resolve({ status: 'OK' });
    await station.mesh.settle();
    expect(station.newEvents()).toEqual([
      'ChargingFinished',
      'TransactionFinished',
      'SessionFinished',
      'SessionStarted',
      'AuthRequired',
    ]);
    await station.stop();
  });

  test('of a free station needs no card', async () => {
    const station = await started({ config: { disable_authentication: true } });
    await station.letter('B');
    expect(station.newEvents()).toEqual([
      'SessionStarted',
      'Authorized',
      'AuthRequired',
      'TransactionStarted',
      'PrepareCharging',
    ]);
    await station.stop();
  });

  test('does not begin where the meter refuses, and the EVSE is inoperative until the car is gone', async () => {
    const station = await started();
    station.board.answer('powermeter', 'start_transaction', () => ({ status: 'UNEXPECTED_ERROR', error: 'full' }));
    await station.letter('B');
    await station.authorize();
    expect(station.newEvents()).toEqual(['SessionStarted', 'AuthRequired', 'Authorized']);
    expect(station.activeErrors).toEqual(['evse_manager/PowermeterTransactionStartFailed', 'evse_manager/Inoperative']);
    await station.letter('A');
    expect(station.newEvents()).toEqual(['Deauthorized', 'SessionFinished']);
    expect(station.activeErrors).toEqual([]);
    await station.stop();
  });

  test('that the meter refused stays with its car though the card is taken back', async () => {
    const station = await started();
    station.board.answer('powermeter', 'start_transaction', () => ({ status: 'UNEXPECTED_ERROR', error: 'full' }));
    await station.letter('B');
    await station.authorize();
    station.newEvents();
    await station.evse('withdraw_authorization');
    expect(station.newEvents()).toEqual(['Deauthorized']);
    await station.letter('A');
    expect(station.newEvents()).toEqual(['SessionFinished']);
    await station.stop();
  });

  test('goes on without the meter where that is configured', async () => {
    const station = await started({ config: { fail_on_powermeter_errors: false } });
    station.board.answer('powermeter', 'start_transaction', () => ({ status: 'UNEXPECTED_ERROR', error: 'full' }));
    await station.letter('B');
    await station.authorize();
    expect(station.newEvents().slice(2)).toEqual(['Authorized', 'TransactionStarted', 'PrepareCharging']);
    await station.stop();
  });
});

describe('pausing', () => {
  test('by the car keeps the offer, and the car goes on by itself', async () => {
    const station = await charging();
    await station.letter('B', 'PowerOff');
    expect(station.newEvents()).toEqual(['StoppingCharging', 'ChargingPausedEV']);
    expect(station.boardCalls.at(-1)).toBe('pwm_on 53.33');
    await station.letter('C');
    expect(station.newEvents()).toEqual(['PrepareCharging', 'ChargingStarted']);
    expect(station.boardCalls.at(-1)).toBe('allow_power_on true');
    await station.stop();
  });

  test('by command ends and resumes the offer', async () => {
    const station = await charging();
    expect(await station.evse('pause_charging')).toBe(true);
    expect(station.boardCalls).toEqual(['cp_state_X1']);
    await station.letter('B', 'PowerOff');
    expect(station.newEvents()).toEqual(['StoppingCharging', 'ChargingPausedEVSE']);
    expect(station.sessionEvents.at(-1)?.charging_paused_evse).toEqual({ reasons: ['UserPause'] });
    expect(await station.evse('resume_charging')).toBe(true);
    expect(station.newEvents()).toEqual(['PrepareCharging']);
    expect(station.boardCalls.at(-1)).toBe('pwm_on 53.33');
    await station.letter('C');
    expect(station.newEvents()).toEqual(['ChargingStarted']);
    await station.stop();
  });

  test('is refused without a transaction', async () => {
    const station = await started();
    expect(await station.evse('pause_charging')).toBe(false);
    expect(await station.evse('resume_charging')).toBe(false);
    expect(await station.evse('stop_transaction', { request: { reason: 'Local' } })).toBe(false);
    await station.stop();
  });

  test('and resuming work by MQTT from outside', async () => {
    const station = await charging();
    station.mesh.external.publish('everest_external/nodered/1/cmd/pause_charging', '');
    await station.letter('B', 'PowerOff');
    expect(station.state).toBe('EVSE Paused');
    station.mesh.external.publish('everest_external/nodered/1/cmd/resume_charging', '');
    await station.mesh.settle();
    expect(station.state).toBe('PrepareCharging');
    await station.stop();
  });
});

describe('the limit', () => {
  test('of 0 takes the offer away at once, and the pause tells why; power brings it back', async () => {
    const station = await charging();
    await station.limit(0);
    expect(station.boardCalls).toEqual(['ac_set_overcurrent_limit_A 0', 'cp_state_X1']);
    await station.letter('B', 'PowerOff');
    expect(station.newEvents()).toEqual(['StoppingCharging', 'ChargingPausedEVSE']);
    expect(station.sessionEvents.at(-1)?.charging_paused_evse).toEqual({ reasons: ['NoEnergy'] });
    await station.limit(10);
    expect(station.newEvents()).toEqual(['PrepareCharging']);
    expect(station.boardCalls.at(-1)).toBe('pwm_on 16.67');
    await station.stop();
  });

  test('cuts the relay off under a car that does not stop, six seconds later', async () => {
    const station = await charging();
    await station.limit(0);
    station.board.forgetCalls();
    await station.mesh.clock.advance(5_999);
    expect(station.boardCalls).toEqual([]);
    await station.mesh.clock.advance(1);
    expect(station.boardCalls).toEqual(['allow_power_on false']);
    await station.stop();
  });

  test('is lowered at once and raised at the earliest five seconds later', async () => {
    const station = await charging();
    await station.limit(10);
    await station.limit(8);
    expect(station.pwm).toEqual(['pwm_on 16.67', 'pwm_on 13.33']);
    await station.limit(20);
    await station.mesh.clock.advance(4_999);
    expect(station.pwm).toHaveLength(2);
    await station.mesh.clock.advance(1);
    expect(station.pwm.at(-1)).toBe('pwm_on 33.33');
    await station.stop();
  });

  test('that is not renewed runs out', async () => {
    const station = await charging();
    await station.limit(16, 10);
    station.board.forgetCalls();
    await station.mesh.clock.advance(9_999);
    expect(station.boardCalls).not.toContain('cp_state_X1');
    await station.mesh.clock.advance(1);
    expect(station.boardCalls).toContain('cp_state_X1');
    await station.stop();
  });

  test('of another node is none of ours, and watts count too', async () => {
    const station = await charging();
    await station.enforce({ uuid: 'connector_2', limits_root_side: { ac_max_current_A: { value: 6, source: '' } } });
    expect(station.pwm).toEqual([]);
    await station.enforce({
      limits_root_side: { ac_max_current_A: { value: 32, source: '' }, total_power_W: { value: 6900, source: '' } },
    });
    expect(station.pwm).toEqual(['pwm_on 16.67']);
    expect(station.mesh.external.messages('everest_external/nodered/1/state/max_watt').at(-1)?.payload).toBe('6900');
    await station.stop();
  });

  test('waits in PrepareCharging where there is none', async () => {
    const station = new MeshStation();
    await station.start('A', 0);
    await station.letter('B');
    await station.authorize();
    expect(station.state).toBe('PrepareCharging');
    expect(station.pwm).toEqual([]);
    await station.mesh.clock.advance(60_000);
    expect(station.state).toBe('PrepareCharging');
    await station.limit(16);
    expect(station.pwm).toEqual(['pwm_on 26.67']);
    await station.stop();
  });
});

describe('the number of phases', () => {
  const phases = (value: number, more: object = {}) => ({
    limits_root_side: {
      ac_max_current_A: { value: 32, source: '' },
      ac_max_phase_count: { value, source: '' },
      ...more,
    },
  });
  const switching = 'ac_switch_three_phases_while_charging';

  test('is switched in a break while a car charges, and the charge goes on', async () => {
    const station = await charging();
    await station.enforce(phases(3));
    expect(station.boardCalls).toEqual([]);
    await station.enforce(phases(1));
    expect(station.newEvents()).toEqual(['SwitchingPhases']);
    expect(station.boardCalls).toEqual(['cp_state_X1']);
    expect(station.state).toBe('SwitchPhases');
    await station.letter('B', 'PowerOff');
    await station.mesh.clock.advance(9_999);
    expect(station.boardCalls).not.toContain(`${switching} false`);
    await station.mesh.clock.advance(1);
    expect(station.boardCalls.slice(-3)).toEqual([`${switching} false`, 'cp_state_X1', 'pwm_on 53.33']);
    expect(station.newEvents()).toEqual(['PrepareCharging']);
    expect(station.mesh.values('connector_1', 'evse', 'limits').at(-1)).toMatchObject({ nr_of_phases_available: 1 });
    await station.letter('C', 'PowerOn');
    expect(station.newEvents()).toEqual(['ChargingStarted']);
    await station.stop();
  });

  test('is not switched under load, also where the car does not open its contactor', async () => {
    const station = await charging({ config: { switch_3ph1ph_delay_s: 1 } });
    await station.enforce(phases(1));
    await station.mesh.clock.advance(5_999);
    expect(station.boardCalls).toEqual(['cp_state_X1']);
    await station.mesh.clock.advance(1);
    expect(station.boardCalls).toEqual(['cp_state_X1', 'allow_power_on false']);
    await station.letter('PowerOff');
    expect(station.boardCalls).toContain(`${switching} false`);
    await station.stop();
  });

  test('may be switched with F shown', async () => {
    const station = await charging({ config: { switch_3ph1ph_cp_state: 'F' } });
    await station.enforce(phases(1));
    expect(station.boardCalls).toEqual(['cp_state_F']);
    await station.letter('F', 'PowerOff');
    await station.mesh.clock.advance(10_000);
    expect(station.boardCalls.slice(-3)).toEqual([`${switching} false`, 'cp_state_X1', 'pwm_on 53.33']);
    await station.stop();
  });

  test('with F shown, and no power afterwards: the car is seen again', async () => {
    const station = await charging({ config: { switch_3ph1ph_cp_state: 'F' } });
    await station.enforce(phases(1));
    await station.letter('F', 'PowerOff');
    await station.limit(0);
    await station.mesh.clock.advance(10_000);
    expect(station.state).toBe('PrepareCharging');
    expect(station.boardCalls.slice(-2)).toEqual([`${switching} false`, 'cp_state_X1']);
    await station.stop();
  });

  test('is switched at once where nothing flows, and a grant in watt is another current then', async () => {
    const station = await started();
    await station.enforce(phases(1, { total_power_W: { value: 3680, source: '' } }));
    expect(station.boardCalls.at(-2)).toBe(`${switching} false`);
    expect(station.boardCalls.at(-1)).toBe('ac_set_overcurrent_limit_A 16');
    await station.enforce(phases(3, { total_power_W: { value: 3680, source: '' } }));
    expect(station.boardCalls.slice(-2)).toEqual([`${switching} true`, `ac_set_overcurrent_limit_A ${16 / 3}`]);
    await station.stop();
  });

  test('makes another current of a grant in watt as soon as it is switched', async () => {
    const station = await charging();
    await station.enforce(phases(1, { total_power_W: { value: 3680, source: '' } }));
    expect(station.boardCalls).toContain(`ac_set_overcurrent_limit_A ${16 / 3}`);
    await station.letter('B', 'PowerOff');
    await station.mesh.clock.advance(10_000);
    expect(station.boardCalls).toContain('ac_set_overcurrent_limit_A 16');
    expect(station.pwm).toEqual(['pwm_on 26.67']);
    await station.stop();
  });

  test('is left as it is where the board cannot switch, and where the wish was taken back in time', async () => {
    const station = await charging();
    await station.enforce(phases(1));
    await station.enforce(phases(3));
    await station.letter('B', 'PowerOff');
    await station.mesh.clock.advance(10_000);
    expect(station.boardCalls.filter((call) => call.startsWith(switching))).toEqual([]);
    station.capabilities({ supports_changing_phases_during_charging: false });
    await station.enforce(phases(1));
    expect(station.boardCalls.filter((call) => call.startsWith(switching))).toEqual([]);
    await station.stop();
  });

  test('is switched by MQTT from outside, and a tree that says the same as ever does not overrule it', async () => {
    const station = await charging();
    await station.enforce(phases(3));
    station.mesh.external.publish('everest_external/nodered/1/cmd/switch_three_phases_while_charging', 'false');
    await station.letter('B', 'PowerOff');
    await station.mesh.clock.advance(10_000);
    await station.letter('C', 'PowerOn');
    await station.enforce(phases(3));
    expect(station.boardCalls.filter((call) => call.startsWith(switching))).toEqual([`${switching} false`]);
    expect(station.state).toBe('Charging');
    station.mesh.external.publish('everest_external/nodered/1/cmd/switch_three_phases_while_charging', 'true');
    await station.mesh.settle();
    expect(station.state).toBe('SwitchPhases');
    await station.letter('A', 'PowerOff');
    expect(station.state).toBe('Idle');
    expect(station.boardCalls).toContain(`${switching} true`);
    await station.stop();
  });
});

describe('waking a car', () => {
  test('shows F after 30 s, and gives up 10 s after that', async () => {
    const station = await started();
    await station.letter('B');
    await station.authorize();
    station.newEvents();
    station.board.forgetCalls();
    await station.mesh.clock.advance(30_000);
    expect(station.boardCalls).toEqual(['cp_state_F']);
    await station.letter('F');
    await station.mesh.clock.advance(4_000);
    expect(station.boardCalls.at(-1)).toBe('cp_state_X1');
    await station.letter('B');
    await station.mesh.clock.advance(750);
    expect(station.newEvents()).toEqual(['PrepareCharging']);
    expect(station.boardCalls.at(-1)).toBe('pwm_on 53.33');
    await station.mesh.clock.advance(9_999);
    expect(station.state).toBe('PrepareCharging');
    await station.mesh.clock.advance(1);
    expect(station.newEvents()).toEqual(['ChargingPausedEV']);
    await station.letter('C');
    expect(station.newEvents()).toEqual(['PrepareCharging', 'ChargingStarted']);
    await station.stop();
  });
});

describe('enable and disable', () => {
  const by = (enable_state: string, enable_source = 'CSMS', enable_priority = 5000) => ({
    enable_source,
    enable_state,
    enable_priority,
  });

  test('take an idle EVSE out of service and back', async () => {
    const station = await started();
    station.board.forgetCalls();
    const source = by('Disable');
    expect(await station.evse('enable_disable', { connector_id: 0, cmd_source: source })).toBe(false);
    expect(station.newEvents()).toEqual(['Disabled']);
    expect(station.sessionEvents.at(-1)).toMatchObject({ uuid: '', source });
    expect(station.sessionEvents.at(-1)?.connector_id).toBeUndefined();
    expect(station.boardCalls.slice(-2)).toEqual(['cp_state_F', 'enable false']);
    expect(await station.evse('enable_disable', { connector_id: 0, cmd_source: by('Enable') })).toBe(true);
    expect(station.newEvents()).toEqual(['Enabled']);
    expect(station.boardCalls.slice(-2)).toEqual(['enable true', 'cp_state_X1']);
    await station.stop();
  });

  test('name the connector when it is the connector that is meant', async () => {
    const station = await started();
    await station.evse('enable_disable', { connector_id: 1, cmd_source: by('Disable') });
    expect(station.sessionEvents.at(-1)).toMatchObject({ event: 'Disabled', connector_id: 1 });
    expect(await station.evse('enable_disable', { connector_id: 0, cmd_source: by('Enable') })).toBe(false);
    await station.stop();
  });

  test('end a charge first, with a reason of its own', async () => {
    const station = await charging();
    expect(await station.evse('enable_disable', { connector_id: 0, cmd_source: by('Disable') })).toBe(false);
    expect(station.boardCalls).toEqual(['cp_state_X1']);
    await station.letter('B', 'PowerOff');
    expect(station.newEvents()).toEqual([
      'StoppingCharging',
      'ChargingFinished',
      'TransactionFinished',
      'SessionFinished',
      'Disabled',
    ]);
    expect(station.sessionEvents.at(-3)?.transaction_finished?.reason).toBe('EVSEDisabled');
    await station.stop();
  });

  test('in quick succession end the charge all the same, and the EVSE was never out of service', async () => {
    const station = await charging();
    await station.evse('enable_disable', { connector_id: 0, cmd_source: by('Disable') });
    await station.evse('enable_disable', { connector_id: 0, cmd_source: by('Enable') });
    await station.letter('B', 'PowerOff');
    expect(station.newEvents()).toEqual(['StoppingCharging', 'ChargingFinished', 'TransactionFinished']);
    expect(station.state).toBe('Finished');
    await station.stop();
  });

  test('take a car that is still plugged in for a new one', async () => {
    const station = await started();
    await station.letter('B');
    await station.evse('enable_disable', { connector_id: 0, cmd_source: by('Disable') });
    await station.letter('F');
    expect(station.newEvents()).toEqual(['SessionStarted', 'AuthRequired', 'SessionFinished', 'Disabled']);
    await station.evse('enable_disable', { connector_id: 0, cmd_source: by('Enable') });
    await station.letter('B');
    expect(station.newEvents()).toEqual(['Enabled', 'SessionStarted', 'AuthRequired']);
    await station.stop();
  });

  test('end a session that has a card but no car', async () => {
    const station = await started();
    await station.authorize();
    station.newEvents();
    await station.evse('enable_disable', { connector_id: 0, cmd_source: by('Disable') });
    expect(station.newEvents()).toEqual(['Deauthorized', 'SessionFinished', 'Disabled']);
    await station.authorize();
    expect(station.newEvents()).toEqual([]);
    await station.stop();
  });

  test('work by MQTT from outside, against a weaker request', async () => {
    const station = await started();
    station.mesh.external.publish('everest_external/nodered/1/cmd/disable', '');
    await station.mesh.settle();
    expect(station.newEvents()).toEqual(['Disabled']);
    expect(await station.evse('enable_disable', { connector_id: 0, cmd_source: by('Enable') })).toBe(false);
    station.mesh.external.publish('everest_external/nodered/1/cmd/enable', '');
    await station.mesh.settle();
    expect(station.newEvents()).toEqual(['Enabled']);
    await station.stop();
  });
});

describe('a fault', () => {
  test('in the charge takes PWM and power at once, pauses, and charging goes on when it is gone', async () => {
    const station = await charging();
    station.board.raise('board_support', { type: 'evse_board_support/MREC6UnderVoltage' });
    await station.mesh.settle();
    expect(station.boardCalls.slice(0, 2)).toEqual(['cp_state_X1', 'allow_power_on false']);
    expect(station.rawErrors.at(-1)).toMatchObject({
      type: 'evse_manager/Inoperative',
      message: 'evse_board_support/MREC6UnderVoltage',
      description: 'MREC6UnderVoltage',
      severity: 'High',
      vendor_id: 'EVerest',
    });
    await station.letter('PowerOff', 'B');
    expect(station.newEvents()).toEqual(['StoppingCharging', 'ChargingPausedEVSE']);
    expect(station.sessionEvents.at(-1)?.charging_paused_evse).toEqual({ reasons: ['Error'] });
    station.board.clear('board_support', 'evse_board_support/MREC6UnderVoltage');
    await station.mesh.settle();
    expect(station.activeErrors).toEqual([]);
    expect(station.newEvents()).toEqual(['PrepareCharging']);
    await station.letter('C');
    expect(station.newEvents()).toEqual(['ChargingStarted']);
    await station.stop();
  });

  test('that comes while paused shows F for a moment', async () => {
    const station = await charging();
    await station.evse('pause_charging');
    await station.letter('B', 'PowerOff');
    station.board.forgetCalls();
    station.board.raise('board_support', { type: 'evse_board_support/MREC6UnderVoltage' });
    await station.mesh.settle();
    expect(station.boardCalls).toEqual(['cp_state_F']);
    expect(station.sessionEvents.at(-1)?.charging_paused_evse).toEqual({ reasons: ['Error', 'UserPause'] });
    await station.mesh.clock.advance(300);
    expect(station.boardCalls).toEqual(['cp_state_F', 'cp_state_X1']);
    await station.stop();
  });

  test('in an idle EVSE shows F until it is gone, and no car is taken in', async () => {
    const station = await started();
    station.board.raise('powermeter', { type: 'powermeter/CommunicationFault' });
    await station.mesh.settle();
    expect(station.boardCalls.at(-1)).toBe('cp_state_F');
    await station.letter('F');
    expect(await station.evse('reserve', { reservation_id: 1 })).toBe(false);
    station.board.clear('powermeter', 'powermeter/CommunicationFault');
    await station.mesh.settle();
    expect(station.boardCalls.at(-1)).toBe('cp_state_X1');
    await station.letter('B');
    expect(station.newEvents()).toEqual(['SessionStarted', 'AuthRequired']);
    await station.stop();
  });

  test('that is harmless changes nothing', async () => {
    const station = await charging();
    station.board.raise('board_support', { type: 'evse_board_support/MREC3HighTemperature' });
    station.board.raise('board_support', { type: 'evse_board_support/VendorWarning' });
    await station.mesh.settle();
    expect(station.state).toBe('Charging');
    expect(station.activeErrors).toEqual([]);
    await station.stop();
  });

  test('of a car that takes more than it is offered is found by the meter', async () => {
    const station = await charging();
    await station.limit(10);
    station.meter(1100, 16);
    await station.mesh.clock.advance(6_999);
    expect(station.activeErrors).toEqual([]);
    await station.mesh.clock.advance(1);
    expect(station.activeErrors).toEqual(['evse_manager/MREC4OverCurrentFailure', 'evse_manager/Inoperative']);
    await station.letter('B', 'PowerOff', 'A');
    expect(station.activeErrors).toEqual([]);
    await station.stop();
  });
});

describe('a reservation', () => {
  test('is told, kept against others, and used up by the transaction without a word', async () => {
    const station = await started();
    expect(await station.evse('reserve', { reservation_id: 7 })).toBe(true);
    expect(await station.evse('reserve', { reservation_id: 8 })).toBe(false);
    expect(station.newEvents()).toEqual(['ReservationStart']);
    await station.letter('B');
    expect(station.sessionEvents.find(({ event }) => event === 'SessionStarted')?.session_started?.reservation_id).toBe(
      7,
    );
    await station.authorize();
    expect(station.newEvents()).not.toContain('ReservationEnd');
    expect(
      station.sessionEvents.find(({ event }) => event === 'TransactionStarted')?.transaction_started?.reservation_id,
    ).toBe(7);
    await station.stop();
  });

  test('can be cancelled', async () => {
    const station = await started();
    await station.evse('reserve', { reservation_id: 7 });
    await station.evse('cancel_reservation');
    expect(station.newEvents()).toEqual(['ReservationStart', 'ReservationEnd']);
    await station.stop();
  });
});

describe('unlocking', () => {
  test('ends the transaction, waits for the relay and unlocks', async () => {
    const station = await charging();
    const answer = station.evse('force_unlock', { connector_id: 1 });
    await station.mesh.settle();
    expect(station.boardCalls).toEqual(['cp_state_X1']);
    expect(station.board.calls('connector_lock', 'unlock')).toHaveLength(0);
    await station.letter('B', 'PowerOff');
    expect(await answer).toBe(true);
    expect(station.board.calls('connector_lock', 'unlock')).toHaveLength(1);
    expect(station.sessionEvents.at(-1)?.transaction_finished?.reason).toBe('UnlockCommand');
    await station.stop();
  });

  test('without a lock leaves the transaction alone', async () => {
    const station = await charging({ lock: false });
    expect(await station.evse('force_unlock', { connector_id: 1 })).toBe(false);
    expect(station.state).toBe('Charging');
    await station.stop();
  });

  test('fails aloud where the lock fails', async () => {
    const station = await started();
    station.board.answer('connector_lock', 'unlock', () => {
      throw new Error('jammed');
    });
    await expect(station.evse('force_unlock', { connector_id: 1 })).rejects.toThrow('jammed');
    station.errors.length = 0;
    await station.stop();
  });
});

describe('readiness', () => {
  test('waits for the word from outside where that is configured', async () => {
    const station = new MeshStation({ config: { external_ready_to_start_charging: true } });
    await station.start();
    expect(station.newEvents()).toEqual([]);
    expect(station.mesh.values('connector_1', 'evse', 'waiting_for_external_ready')).toEqual([true]);
    expect(station.mesh.values('connector_1', 'evse', 'ready')).toEqual([]);
    expect(await station.evse('external_ready_to_start_charging')).toBe(true);
    expect(station.newEvents()).toEqual(['Enabled']);
    expect(station.mesh.values('connector_1', 'evse', 'ready')).toEqual([true]);
    await station.stop();
  });

  test('a card that is held to the reader before then counts from then on, unless it was taken back', async () => {
    const early = async (meanwhile: (station: MeshStation) => Promise<unknown>): Promise<readonly string[]> => {
      const station = new MeshStation({ config: { external_ready_to_start_charging: true } });
      await station.start();
      await station.authorize();
      expect(station.newEvents()).toEqual([]);
      await meanwhile(station);
      await station.evse('external_ready_to_start_charging');
      const events = station.newEvents();
      await station.stop();
      return events;
    };
    expect(await early(async () => {})).toEqual(['Enabled', 'SessionStarted', 'Authorized']);
    expect(await early((station) => station.evse('withdraw_authorization'))).toEqual(['Enabled']);
  });

  test('needs no such word else, and says so', async () => {
    const station = await started();
    expect(await station.evse('external_ready_to_start_charging')).toBe(false);
    await station.stop();
  });

  test('finds out of service what was disabled before', async () => {
    const station = new MeshStation({ config: { external_ready_to_start_charging: true } });
    await station.start();
    const cmd_source = { enable_source: 'CSMS', enable_state: 'Disable', enable_priority: 5000 };
    await station.evse('enable_disable', { connector_id: 0, cmd_source });
    await station.evse('external_ready_to_start_charging');
    expect(station.newEvents()).toEqual(['Disabled']);
    await station.stop();
  });

  test('ends transactions that a loss of power has cut off', async () => {
    const station = new MeshStation({ store: true });
    station.store?.answer('main', 'load', () => 'session-before');
    await station.start();
    expect(station.newEvents()).toEqual(['SessionResumed', 'TransactionFinished', 'Enabled']);
    const [resumed, finished] = station.sessionEvents;
    expect(resumed?.uuid).toBe('session-before');
    expect(finished).toMatchObject({
      uuid: 'session-before',
      transaction_finished: { reason: 'PowerLoss', signed_meter_value: { signed_meter_data: 'stop' } },
    });
    expect(station.board.calls('powermeter', 'stop_transaction').map(({ args }) => args.transaction_id)).toEqual([
      'session-before',
      '',
    ]);
    expect(station.store?.calls('main', 'store').map(({ args }) => args)).toEqual([
      { key: 'connector_1_session', value: '' },
    ]);
    // Whoever starts by this word finds nothing open any more.
    const said = ['session_event', 'waiting_for_external_ready'].map((variable) =>
      station.mesh.topics.variable('connector_1', 'evse', variable),
    );
    const order = station.mesh.messages.map(({ topic }) => said.indexOf(topic)).filter((index) => index >= 0);
    expect(order).toEqual([0, 0, 1, 0]);
    await station.stop();
  });

  test('remembers the transaction in the store while it is open', async () => {
    const station = new MeshStation({ store: true });
    station.store?.answer('main', 'load', () => null);
    await station.start();
    await station.charge();
    const id = station.sessionEvents.at(-1)?.uuid;
    await station.letter('A', 'PowerOff');
    expect(station.store?.calls('main', 'store').map(({ args }) => args.value)).toEqual([id, '']);
    await station.stop();
  });
});

describe('signs of life', () => {
  test('are given each second while the board holds something, and not else', async () => {
    const station = await started();
    const signs = () =>
      station.mesh.messages.filter(
        ({ topic, payload }) => topic === station.mesh.topics.status('connector_1') && payload.includes('heartbeat'),
      ).length;
    await station.mesh.clock.advance(60_000);
    expect(signs()).toBe(0);
    await station.charge();
    const before = signs();
    expect(before).toBeGreaterThan(0);
    await station.mesh.clock.advance(10_000);
    expect(signs()).toBe(before + 10);
    await station.letter('A', 'PowerOff');
    const after = signs();
    await station.mesh.clock.advance(10_000);
    expect(signs()).toBe(after);
    await station.stop();
  });
});

describe('a module that was killed', () => {
  test('finds its open transaction in its own database and ends it', async () => {
    const station = new MeshStation({ stateDir: mkdtempSync(join(tmpdir(), 'evse-manager-')) });
    await station.start();
    await station.charge();
    const id = station.sessionEvents.at(-1)?.uuid;
    station.newEvents();
    await station.mesh.kill('connector_1');
    await station.mesh.startModule('connector_1');
    await station.mesh.sayReady();
    await station.mesh.clock.advance(5_000);
    expect(station.newEvents()).toEqual(['SessionResumed', 'TransactionFinished', 'Enabled']);
    expect(station.sessionEvents.at(-2)).toMatchObject({ uuid: id, transaction_finished: { reason: 'PowerLoss' } });
    await station.letter('A');
    await station.mesh.stop();
  });
});

describe('a board that leaves the mesh', () => {
  test('is a fault that pauses the charge, and it goes on when the board is back', async () => {
    const station = await charging();
    station.presence('ready');
    station.presence('gone');
    await station.mesh.settle();
    expect(station.activeErrors).toEqual(['evse_manager/Internal', 'evse_manager/Inoperative']);
    expect(station.newEvents()).toEqual(['StoppingCharging', 'ChargingPausedEVSE']);
    station.board.forgetCalls();
    station.presence('ready');
    await station.mesh.settle();
    expect(station.activeErrors).toEqual([]);
    expect(station.boardCalls[0]).toBe('enable true');
    await station.letter('B');
    expect(station.state).toBe('PrepareCharging');
    expect(station.pwm).toEqual(['pwm_on 53.33']);
    await station.letter('C');
    expect(station.newEvents()).toEqual(['PrepareCharging', 'ChargingStarted']);
    expect(station.boardCalls.at(-1)).toBe('allow_power_on true');
    await station.stop();
  });
});

describe('a car that may talk', () => {
  test('hears of plug, payment, authorisation, relay, limit and meter; what it says is taken', async () => {
    const station = await started({ carLink: true, config: { ac_hlc_enabled: true, ac_hlc_use_5percent: false } });
    const heard = () => station.carLink?.calls('hlc').map(({ command, args }) => [command, args]) ?? [];
    expect(heard().map(([command]) => command)).toEqual(
      expect.arrayContaining(['setup', 'receipt_is_required', 'session_setup', 'update_ac_max_current']),
    );
    station.carLink?.forgetCalls();

    await station.letter('B');
    expect(station.carLink?.calls('slac').map(({ command }) => command)).toEqual(['enter_bcd']);
    station.carLink?.publish('slac', 'dlink_ready', true);
    station.carLink?.publish('hlc', 'selected_protocol', 'ISO15118-2-2013');
    station.carLink?.publish('hlc', 'require_auth_eim', null);
    await station.mesh.settle();
    expect(heard()).toContainEqual(['dlink_ready', { value: true }]);
    await station.authorize();
    expect(heard()).toContainEqual([
      'authorization_response',
      { authorization_status: 'Accepted', certificate_status: 'NoCertificateAvailable' },
    ]);
    expect(station.mesh.values('connector_1', 'evse', 'selected_protocol').at(-1)).toBe('ISO15118-2-2013');
    await station.letter('C', 'PowerOn');
    expect(heard()).toContainEqual(['ac_contactor_closed', { status: true }]);
    await station.limit(10);
    expect(heard()).toContainEqual(['update_ac_max_current', { max_current: 10 }]);
    const allowed = { allowed_energy_transfer_modes: ['AC_three_phase_core'] };
    expect(await station.evse('update_allowed_energy_transfer_modes', allowed)).toBe('IncompatibleEnergyTransfer');
    await station.letter('A', 'PowerOff');
    expect(station.carLink?.calls('slac').map(({ command }) => command)).toEqual(['enter_bcd', 'leave_bcd']);
    await station.stop();
  });

  test('is told of other rules for contracts with its next session', async () => {
    const station = await started({ carLink: true, config: { ac_hlc_enabled: true } });
    const told = () => station.carLink?.calls('hlc').find(({ command }) => command === 'session_setup')?.args;
    const payment_options = ['ExternalPayment', 'Contract'];
    expect(told()).toMatchObject({ payment_options, supported_certificate_service: true });
    const set = (plug_and_charge_configuration: object) =>
      station.evse('set_plug_and_charge_configuration', { plug_and_charge_configuration });
    await set({ contract_certificate_installation_enabled: false, central_contract_validation_allowed: true });
    station.carLink?.forgetCalls();
    await station.letter('B');
    expect(told()).toEqual({
      payment_options,
      supported_certificate_service: false,
      central_contract_validation_allowed: true,
    });
    await set({ pnc_enabled: false });
    station.carLink?.forgetCalls();
    await station.letter('A');
    expect(told()).toEqual({
      payment_options: ['ExternalPayment'],
      supported_certificate_service: false,
      central_contract_validation_allowed: true,
    });
    await station.stop();
  });

  test('is shown F where its modem is not found, and goes on waiting', async () => {
    const station = await started({ carLink: true, config: { ac_hlc_enabled: true } });
    await station.letter('B');
    station.newEvents();
    station.board.forgetCalls();
    station.carLink?.publish('slac', 'request_error_routine', null);
    await station.mesh.settle();
    expect(station.carLink?.calls('slac').map(({ command }) => command)).toEqual(['enter_bcd', 'reset']);
    expect(station.boardCalls).toEqual(['cp_state_F']);
    await station.letter('F');
    await station.mesh.clock.advance(4_000);
    await station.letter('B');
    await station.mesh.clock.advance(750);
    expect(station.boardCalls).toContain('cp_state_X1');
    expect(station.newEvents()).toEqual(['AuthRequired']);
    await station.authorize();
    expect(station.newEvents()).toEqual(['Authorized', 'TransactionStarted', 'PrepareCharging']);
    await station.stop();
  });

  test('presents its contract as a token', async () => {
    const station = await started({ carLink: true, config: { ac_hlc_enabled: true } });
    await station.letter('B');
    const contract = { id_token: { value: 'DE1', type: 'eMAID' }, authorization_type: 'PlugAndCharge' } as const;
    station.carLink?.publish('hlc', 'require_auth_pnc', contract);
    await station.mesh.settle();
    expect(station.mesh.values('connector_1', 'token_provider', 'provided_token')).toEqual([
      { ...contract, connectors: [1] },
    ]);
    await station.stop();
  });

  test('is not spoken to where that is not configured', async () => {
    const station = await started({ carLink: true });
    await station.letter('B');
    expect(station.carLink?.calls('hlc')).toEqual([]);
    expect(station.carLink?.calls('slac')).toEqual([]);
    await station.stop();
  });
});

describe('the session log', () => {
  test('is written to a folder that the session names, and told outside', async () => {
    const root = mkdtempSync(join(tmpdir(), 'session-log-'));
    const station = await started({ config: { session_logging: true, session_logging_path: root } });
    await station.letter('B');
    const path = station.sessionEvents.at(-2)?.session_started?.logging_path ?? '';
    expect(path.startsWith(root)).toBe(true);
    await station.letter('A');
    const rows = readFileSync(join(path, 'eventlog.csv'), 'utf8');
    expect(rows).toContain('SYS,session event SessionStarted');
    expect(rows).toContain('CAR,CarUnplugged');
    const told = station.mesh.external.messages('everest_api/connector_1/var/hlc_log').map(({ payload }) => payload);
    expect(told.map((payload) => JSON.parse(payload).msg)).toContain('CarPluggedIn');
    await station.stop();
  });
});

describe('at a socket', () => {
  test('the charge waits for the cable to be read, and offers no more than it bears', async () => {
    const station = await started();
    station.capabilities({ connector_type: 'IEC62196Type2Socket' });
    await station.letter('B');
    await station.authorize();
    expect(station.newEvents()).toEqual(['SessionStarted', 'AuthRequired', 'Authorized']);
    station.board.publish('board_support', 'ac_pp_ampacity', { ampacity: 'A_20' });
    await station.mesh.settle();
    expect(station.newEvents()).toEqual(['TransactionStarted', 'PrepareCharging']);
    expect(station.pwm).toEqual(['pwm_on 33.33']);
    await station.stop();
  });
});

describe('a car that does not leave C', () => {
  test('is charged again after a pause without a replug', async () => {
    const station = await charging();
    await station.evse('pause_charging');
    await station.mesh.clock.advance(6_000);
    await station.letter('PowerOff');
    expect(station.state).toBe('EVSE Paused');
    station.newEvents();
    await station.evse('resume_charging');
    expect(station.newEvents()).toEqual(['PrepareCharging', 'ChargingStarted']);
    expect(station.boardCalls.slice(-2)).toEqual(['pwm_on 53.33', 'allow_power_on true']);
    await station.stop();
  });

  test('and a relay that says nothing do not keep the transaction open for ever', async () => {
    const station = await charging();
    await station.evse('stop_transaction', { request: { reason: 'Remote' } });
    await station.mesh.clock.advance(29_999);
    expect(station.newEvents()).toEqual(['StoppingCharging']);
    await station.mesh.clock.advance(1);
    expect(station.newEvents()).toEqual(['ChargingFinished', 'TransactionFinished']);
    await station.stop();
  });
});

describe('commands', () => {
  test('that need ISO 15118 or DC are answered as they are', async () => {
    const station = await started();
    expect(await station.evse('get_evse')).toEqual({ id: 1, connectors: [{ id: 1, type: 'Unknown' }] });
    expect(
      await station.evse('update_allowed_energy_transfer_modes', { allowed_energy_transfer_modes: ['DC_core'] }),
    ).toBe('NoHlc');
    expect(await station.evse('set_der_available', { available: true })).toBe('NoHlc');
    await expect(
      station.mesh.call('connector_1', 'dc_external_derate', 'set_external_derating', { derate: {} }),
    ).rejects.toThrow('no DC');
    station.errors.length = 0;
    await station.stop();
  });
});

describe('the energy request', () => {
  test('comes where something changes, and with priority when somebody waits', async () => {
    const station = await started({ config: { request_zero_power_in_idle: true } });
    await station.mesh.clock.advance(1_000);
    const requests = () => station.mesh.values('connector_1', 'energy_grid', 'energy_flow_request');
    expect(requests().at(-1)).toMatchObject({
      uuid: 'connector_1',
      node_type: 'Evse',
      evse_state: 'Unplugged',
      priority_request: false,
      schedule_import: [
        {
          limits_to_root: {
            ac_max_current_A: { value: 32, source: 'connector_1/evse_board_support_caps' },
            ac_min_current_A: { value: 6 },
            ac_number_of_active_phases: 3,
          },
          limits_to_leaves: { ac_max_current_A: { value: 0, source: 'Idle' } },
        },
      ],
      energy_usage_root: { energy_Wh_import: { total: 1000 } },
    });
    const before = requests().length;
    await station.letter('B');
    expect(requests()).toHaveLength(before + 1);
    expect(requests().at(-1)).toMatchObject({
      evse_state: 'WaitForAuth',
      priority_request: true,
      schedule_import: [{ limits_to_leaves: { ac_max_current_A: { value: 32 } } }],
    });
    await station.stop();
  });

  /** Who hands limits over in these tests tells of its presence, as modules of Chargemesh do. */
  const acquaint = async (station: MeshStation) => {
    station.mesh.external.publish(station.mesh.topics.status('grid'), JSON.stringify({ state: 'ready' }));
    await station.limit(32, 10);
    await station.limit(32, 10);
  };
  const times = (station: MeshStation) =>
    station.mesh.messages
      .filter(
        ({ topic }) => topic === station.mesh.topics.variable('connector_1', 'energy_grid', 'energy_flow_request'),
      )
      .map(({ atMs }) => atMs);

  test('is silent while nobody charges, and a grant that runs out then harms nothing', async () => {
    const station = await started({ config: { request_zero_power_in_idle: false } });
    await acquaint(station);
    await station.mesh.clock.advance(20_000);
    expect(station.mesh.clock.nextDueMs() ?? Number.POSITIVE_INFINITY).toBeGreaterThan(
      station.mesh.clock.monotonicMs() + 60_000,
    );
    const before = station.mesh.messages.length;
    await station.mesh.clock.advance(3_600_000);
    expect(station.mesh.messages).toHaveLength(before);
    expect(station.warnings).toEqual([]);
    await station.stop();
  });

  test('asks for a grant that is not renewed while a car charges, each second', async () => {
    const station = await started();
    await acquaint(station);
    await station.charge();
    await station.limit(32, 10);
    const atMs = station.mesh.clock.monotonicMs();
    const before = times(station).length;
    await station.mesh.clock.advance(8_000);
    const asked = times(station).slice(before);
    expect(asked.map((time) => time - atMs)).toEqual([6_000, 7_000, 8_000]);
    await station.limit(32, 10);
    await station.mesh.clock.advance(5_999);
    expect(times(station)).toHaveLength(before + 3);
    await station.stop();
  });

  test('is not repeated while nothing is granted', async () => {
    const station = await started();
    await acquaint(station);
    await station.charge();
    await station.limit(0, 10);
    await station.letter('B', 'PowerOff');
    expect(station.eventNames.at(-1)).toBe('ChargingPausedEVSE');
    await station.limit(0, 10);
    await station.mesh.clock.advance(20_000);
    const before = station.mesh.messages.length;
    await station.mesh.clock.advance(3_600_000);
    expect(station.mesh.messages).toHaveLength(before);
    await station.stop();
  });

  test('comes each second of a session, and each minute of rest, below a node of EVerest', async () => {
    const station = await started({ config: { request_zero_power_in_idle: true } });
    const counted = async (forMs: number) => {
      const before = times(station).length;
      await station.mesh.clock.advance(forMs);
      return times(station).length - before;
    };
    expect(await counted(600_000)).toBe(10);
    await station.letter('B');
    expect(await counted(10_000)).toBe(10);
    await station.stop();
  });
});
