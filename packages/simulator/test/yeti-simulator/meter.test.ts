import { SeededRandom, SqliteStore, VirtualClock } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import { Meter } from '../../src/yeti-simulator/meter.ts';
import { meterMigrations, StoredMeterMemory } from '../../src/yeti-simulator/meter-register.ts';

function makeMeter(speed = 1, store = new SqliteStore({ path: ':memory:', migrations: meterMigrations })) {
  const clock = new VirtualClock();
  const parts = { clock, random: new SeededRandom(3), memory: new StoredMeterMemory(store) };
  const meter = new Meter({ nominalVoltageV: 230, nominalFrequencyHz: 50, speed }, parts);
  /** Lets time pass with a measurement twice a second, as the board does. */
  const run = async (seconds: number) => {
    for (let half = 0; half < seconds * 2; half++) {
      await clock.advance(500);
      meter.read();
    }
  };
  return { clock, meter, store, run };
}

describe('a reading', () => {
  test('without a load: nominal voltage within 1 %, no current, ambient temperature', () => {
    const { meter } = makeMeter();
    const reading = meter.read();
    expect(Math.abs((reading.voltage_V?.L1 ?? 0) - 230)).toBeLessThanOrEqual(2.3);
    expect(reading.current_A).toEqual({ L1: 0, L2: 0, L3: 0, N: 0 });
    expect(reading.power_W).toEqual({ total: 0, L1: 0, L2: 0, L3: 0 });
    expect(reading.temperatures?.[0]?.temperature).toBe(25);
    expect(reading.timestamp).toBe('2026-01-01T00:00:00.000Z');
  });

  test('under load: the voltage drops by half a volt an ampere, the current is never above what is drawn', () => {
    const { meter } = makeMeter();
    meter.setCurrent([32, 0, 0]);
    for (let time = 0; time < 200; time++) {
      const { current_A: current, voltage_V: voltage, power_W: power, temperatures } = meter.read();
      expect(current?.L1).toBeLessThanOrEqual(32);
      expect(current?.L1).toBeGreaterThanOrEqual(31.68);
      expect(Math.abs((voltage?.L1 ?? 0) - 214)).toBeLessThanOrEqual(2.15);
      expect(power?.L1).toBe(Math.round((current?.L1 ?? 0) * (voltage?.L1 ?? 0)));
      expect(temperatures?.[0]?.temperature).toBeCloseTo(25 + 0.003 * (power?.total ?? 0), 1);
    }
  });
});

describe('the register', () => {
  test('counts by time: three phases of 16 A for an hour are 10.6 kWh, within the noise', async () => {
    const { meter, run } = makeMeter();
    meter.setCurrent([16, 16, 16]);
    await run(3600);
    const { total } = meter.read().energy_Wh_import;
    expect(total).toBeGreaterThan(10_656 * 0.985);
    expect(total).toBeLessThanOrEqual(10_656);
    expect(meter.read().energy_Wh_export?.total).toBe(0);
  });

  test('counts a load that came and went between two readings', async () => {
    const { clock, meter } = makeMeter();
    meter.setCurrent([32, 0, 0]);
    await clock.advance(1800_000);
    meter.setCurrent([0, 0, 0]);
    await clock.advance(1800_000);
    expect(meter.read().energy_Wh_import.total).toBeGreaterThan(3300);
  });

  test('counts what flows back as export', async () => {
    const { meter, run } = makeMeter();
    meter.setCurrent([-10, 0, 0]);
    await run(60);
    const reading = meter.read();
    expect(reading.energy_Wh_import.total).toBe(0);
    expect(reading.energy_Wh_export?.L1).toBeGreaterThan(35);
    expect(reading.current_A?.L1).toBeLessThan(0);
  });

  test('runs 60 times as fast at speed 60', async () => {
    const { meter, run } = makeMeter(60);
    meter.setCurrent([16, 16, 16]);
    await run(60);
    expect(meter.read().energy_Wh_import.total).toBeGreaterThan(10_000);
  });

  test('goes on where it was with a new process, and starts from zero when it was reset', async () => {
    const first = makeMeter();
    first.meter.setCurrent([16, 16, 16]);
    await first.run(600);
    const before = first.meter.read().energy_Wh_import;
    first.meter.save();
    const second = makeMeter(1, first.store);
    expect(second.meter.read().energy_Wh_import).toEqual(before);
    second.meter.reset();
    expect(makeMeter(1, first.store).meter.read().energy_Wh_import.total).toBe(0);
  });
});
