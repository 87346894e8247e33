import { join } from 'node:path';
import { RealClock, silentLogger } from '@chargemesh/base';
import { repositoryFolder } from '@chargemesh/contracts';
import { VirtualWorld } from '@chargemesh/scenarios';
import type { BenchResult, BenchRow } from './table.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAYS = 30;
const SESSIONS = 100;
/** One session begins so often, on one EVSE after the other. */
const SESSION_EVERY_MS = (DAYS * DAY_MS) / SESSIONS;
const CARD = 'DEADBEEF';

const clock = new RealClock();

/**
 * A month of a station with two EVSEs in virtual time: 100 sessions of an hour each, with the bundled CSMS, the sample of each minute
 * and the usual configuration else. Then what a second of idleness and one of charging cost.
 */
export async function run(): Promise<BenchResult> {
  const monthS = await timed(month);
  const dayS = await timed(async (world) => void (await world.until(() => false, DAY_MS)));
  return { name: 'virtual', rows: rows(monthS, dayS) };
}

function rows(monthS: number, dayS: number): BenchRow[] {
  const chargingS = (SESSIONS * HOUR_MS) / 1000;
  const idleMs = (dayS * 1000) / (DAY_MS / 1000);
  const chargingMs = Math.max(0, (monthS * 1000 - (idleMs * DAYS * DAY_MS) / 1000) / chargingS);
  return [
    { what: `a month with ${SESSIONS} sessions of an hour`, ours: monthS, unit: 's', better: 'less', goal: 60 },
    { what: 'a second in which nothing happens', ours: idleMs, unit: 'ms', better: 'less', goal: 0.01 },
    { what: 'a second in which one car charges', ours: chargingMs, unit: 'ms', better: 'less', goal: 0.2 },
  ];
}

/** How long something takes in a world that has come up, in s. */
async function timed(work: (world: VirtualWorld) => Promise<void>): Promise<number> {
  const world = await VirtualWorld.create({
    configFile: join(repositoryFolder, 'config-sil-ocpp.yaml'),
    station: 'cp001',
    seed: 1,
    log: silentLogger,
    transcript: () => {},
  });
  try {
    await world.start();
    await world.until(() => false, 60_000);
    await configure(world);
    const startMs = clock.monotonicMs();
    await work(world);
    return (clock.monotonicMs() - startMs) / 1000;
  } finally {
    await world.stop();
  }
}

async function configure(world: VirtualWorld): Promise<void> {
  const values = { MeterValueSampleInterval: '60' };
  for (const [key, value] of Object.entries(values)) {
    const asked = world.csms.call(world.station, 'ChangeConfiguration', { key, value });
    await world.settled(asked, 60_000);
  }
}

async function month(world: VirtualWorld): Promise<void> {
  const beganMs = world.clock.monotonicMs();
  for (let session = 0; session < SESSIONS; session++) {
    await charge(world, 1 + (session % 2));
    await world.until(() => false, beganMs + (session + 1) * SESSION_EVERY_MS - world.clock.monotonicMs());
  }
  const { transactions } = world.csms.ledger(world.station);
  const whole = transactions.filter(({ energyWh = 0 }) => energyWh > 9_000);
  if (whole.length !== SESSIONS) throw new Error(`${whole.length} of ${SESSIONS} sessions were charged and billed`);
}

/** A card, a car, an hour, and away. */
async function charge(world: VirtualWorld, evse: number): Promise<void> {
  const { clock: time, layout } = world;
  const connectorId = layout.evses.find((found) => found.evse === evse)?.car?.connectorId ?? evse;
  const token = { id_token: { value: CARD, type: 'ISO14443' }, authorization_type: 'RFID', connectors: [connectorId] };
  const car = `everest_external/nodered/${connectorId}/carsim/cmd`;
  await world.publish(layout.cardTopics[0] ?? '', JSON.stringify(token));
  await world.publish(`${car}/enable`, 'true');
  const script = `sleep 1;iec_wait_pwr_ready;sleep 1;draw_power_regulated 16,3;sleep ${HOUR_MS / 1000};unplug`;
  await world.publish(`${car}/execute_charging_session`, script);
  const endMs = time.monotonicMs() + HOUR_MS + 10_000;
  await world.until(() => false, endMs - time.monotonicMs());
}
