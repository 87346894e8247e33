import type { types } from '@chargemesh/contracts';
import { describe, expect, test } from '@jest/globals';
import { SessionInfo } from '../../src/api/session-info.ts';

type SessionEvent = types.evse_manager.SessionEvent;
type EventName = SessionEvent['event'];

const timestamp = '2026-01-01T00:00:00.000Z';
const meterOf = (importWh: number, exportWh?: number, powerW?: number): types.powermeter.Powermeter => ({
  timestamp,
  energy_Wh_import: { total: importWh },
  ...(exportWh === undefined ? {} : { energy_Wh_export: { total: exportWh } }),
  ...(powerW === undefined ? {} : { power_W: { total: powerW } }),
});
const id_tag: types.authorization.ProvidedIdToken = {
  id_token: { value: 'TAG1', type: 'ISO14443' },
  authorization_type: 'RFID',
};

/** One EVSE on a clock that the test moves. */
class Played {
  readonly info = new SessionInfo();
  nowMs = 0;

  take(event: EventName, more: Partial<SessionEvent> = {}): void {
    this.info.take({ event, timestamp, uuid: 'u', ...more }, this.nowMs);
  }

  begin(importWh: number, exportWh?: number): void {
    this.take('TransactionStarted', { transaction_started: { id_tag, meter_value: meterOf(importWh, exportWh) } });
  }

  end(importWh: number, reason: types.evse_manager.StopTransactionReason = 'Local', exportWh?: number): void {
    this.take('TransactionFinished', { transaction_finished: { reason, meter_value: meterOf(importWh, exportWh) } });
  }

  read(importWh: number, exportWh?: number, powerW?: number): void {
    this.info.read(meterOf(importWh, exportWh, powerW), this.nowMs);
  }

  // biome-ignore lint/suspicious/noExplicitAny: tests look into what they name
  get said(): any {
    return JSON.parse(this.info.text(false, timestamp));
  }
}

test('says in all members what it knows before anything has happened', () => {
  expect(new SessionInfo().text(false, timestamp)).toBe(
    '{"active_enable_disable_source":{"priority":0,"source":"Unspecified","state":"Enabled"},"charged_energy_wh":0,' +
      `"charging_duration_s":0,"datetime":"${timestamp}","discharged_energy_wh":0,"latest_total_w":0.0,` +
      '"permanent_fault":false,"state":"Unknown"}',
  );
});

test('a permanent fault is one', () => {
  expect(new SessionInfo().text(true, timestamp)).toContain('"permanent_fault":true');
});

describe('the state follows the events', () => {
  const states: readonly (readonly [EventName, string])[] = [
    ['Enabled', 'Unplugged'],
    ['Disabled', 'Disabled'],
    ['SessionStarted', 'Preparing'],
    ['AuthRequired', 'AuthRequired'],
    ['TransactionStarted', 'Preparing'],
    ['PrepareCharging', 'Preparing'],
    ['ChargingStarted', 'Charging'],
    ['ChargingPausedEV', 'ChargingPausedEV'],
    ['ChargingPausedEVSE', 'ChargingPausedEVSE'],
    ['StoppingCharging', 'FinishedEV'],
    ['ChargingFinished', 'Finished'],
    ['SessionFinished', 'Unplugged'],
    ['ReservationStart', 'Reserved'],
    ['ReservationEnd', 'Unplugged'],
    ['PluginTimeout', 'AuthTimeout'],
  ];
  test.each(states)('%s: %s', (event, state) => {
    const played = new Played();
    played.take(event);
    expect(played.said.state).toBe(state);
  });

  test.each([
    ['Local', 'FinishedEVSE'],
    ['Remote', 'Finished'],
    ['EVDisconnected', 'Finished'],
  ] as const)('TransactionFinished for %s: %s', (reason, state) => {
    const played = new Played();
    played.end(0, reason);
    expect(played.said.state).toBe(state);
  });

  test.each(['Authorized', 'Deauthorized', 'SwitchingPhases', 'SessionResumed'] as const)(
    '%s changes nothing',
    (event) => {
      const played = new Played();
      played.take('ChargingStarted');
      played.take(event);
      expect(played.said.state).toBe('Charging');
    },
  );

  test('a pause goes through FinishedEV', () => {
    const played = new Played();
    played.take('StoppingCharging');
    expect(played.said.state).toBe('FinishedEV');
    played.take('ChargingPausedEVSE');
    expect(played.said.state).toBe('ChargingPausedEVSE');
  });
});

describe('energy and time of a transaction', () => {
  test('count while the state is a metered one', () => {
    const played = new Played();
    played.begin(1000, 50);
    for (const [event, importWh, seconds] of [
      ['ChargingStarted', 1010, 2],
      ['ChargingPausedEV', 1020, 4],
      ['ChargingPausedEVSE', 1030, 6],
      ['AuthRequired', 1040, 8],
    ] as const) {
      played.take(event);
      played.nowMs = seconds * 1000;
      played.read(importWh, 50 + seconds);
      expect(played.said).toMatchObject({
        charged_energy_wh: importWh - 1000,
        discharged_energy_wh: seconds,
        charging_duration_s: seconds,
      });
    }
  });

  test.each(['PrepareCharging', 'StoppingCharging', 'ChargingFinished'] as const)('stand still after %s', (event) => {
    const played = new Played();
    played.begin(1000);
    played.take(event);
    played.nowMs = 5000;
    played.read(1010);
    expect(played.said).toMatchObject({ charged_energy_wh: 0, charging_duration_s: 0 });
  });

  test('end with the reading of TransactionFinished, and stay until the next begins', () => {
    const played = new Played();
    played.begin(1000, 10);
    played.nowMs = 7900;
    played.end(1100, 'Local', 12);
    const sums = { charged_energy_wh: 100, discharged_energy_wh: 2, charging_duration_s: 7 };
    expect(played.said).toMatchObject(sums);
    played.take('SessionFinished');
    played.take('SessionStarted');
    played.take('AuthRequired');
    played.nowMs = 60_000;
    // The meter of a station shows what it needs itself, too: nobody charges yet.
    played.read(1102);
    expect(played.said).toMatchObject(sums);
    played.begin(1102, 12);
    expect(played.said).toMatchObject({ charged_energy_wh: 0, discharged_energy_wh: 0, charging_duration_s: 0 });
  });

  test('are whole, half a watt-hour rounded up', () => {
    const played = new Played();
    played.begin(1000.25);
    played.take('ChargingStarted');
    played.read(1001.75);
    expect(played.said.charged_energy_wh).toBe(2);
    played.read(1001.74);
    expect(played.said.charged_energy_wh).toBe(1);
  });

  test('of a meter that says only later what was fed back are not its whole register', () => {
    const played = new Played();
    played.begin(1000);
    played.take('ChargingStarted');
    played.read(1010, 5000);
    expect(played.said).toMatchObject({ charged_energy_wh: 10, discharged_energy_wh: 0 });
    played.begin(1000, 5000);
    played.take('ChargingStarted');
    played.read(1010);
    expect(played.said).toMatchObject({ charged_energy_wh: 10, discharged_energy_wh: 0 });
  });

  test('of a transaction that nobody saw begin are not made up', () => {
    const played = new Played();
    played.end(123_456);
    expect(played.said).toMatchObject({ charged_energy_wh: 0, charging_duration_s: 0 });
  });

  test('never run back with the clock', () => {
    const played = new Played();
    played.nowMs = 60_000;
    played.begin(0);
    played.nowMs = 0;
    played.end(1);
    expect(played.said.charging_duration_s).toBe(0);
  });

  test('the power is the last that the meter said, whatever the state', () => {
    const played = new Played();
    played.read(0, undefined, 20_508);
    played.read(0);
    expect(played.info.text(false, timestamp)).toContain('"latest_total_w":20508.0');
  });
});

test('names who enabled or disabled it last', () => {
  const played = new Played();
  played.take('Disabled', {
    source: { enable_source: 'LocalAPI', enable_state: 'Disable', enable_priority: 100 },
  });
  const source = { source: 'LocalAPI', state: 'Disable', priority: 100 };
  expect(played.said.active_enable_disable_source).toEqual(source);
  played.take('ChargingStarted');
  expect(played.said.active_enable_disable_source).toEqual(source);
});

test('shows a random delay while it runs', () => {
  const { info } = new Played();
  const limits = { current_limit_after_delay_A: 16, current_limit_during_delay_A: 0 };
  info.delay({ countdown_s: 42, ...limits, start_time: timestamp });
  expect(JSON.parse(info.text(false, timestamp)).uk_random_delay).toEqual({
    remaining_s: 42,
    ...limits,
    start_time: timestamp,
  });
  info.delay({ countdown_s: 0, ...limits });
  expect(info.text(false, timestamp)).not.toContain('uk_random_delay');
});
