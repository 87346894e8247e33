/**
 * Many sessions in virtual time, of all kinds, with one station that is never started anew: what is left after each of them?
 *
 *     pnpm endurance                        10,000 sessions
 *     pnpm endurance --sessions 200         what each change is held against
 *
 * Between two sessions, with no car anywhere, the station has to be as it was between any other two: as many timers, listeners and
 * subscriptions, and as much memory once all garbage is gone. What the CSMS and the judges of the world know of the past is forgotten before.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { RealClock, silentLogger } from '@chargemesh/base';
import { VirtualWorld } from '@chargemesh/scenarios';
import { HeapWatch } from './fuzz/heap-watch.ts';
import { grown, takeHeapCensus } from './heap-census.ts';

const SAMPLES = 20;
/** After so many samples all code has run, and caches are full. */
const WARM_AFTER = 4;
/** Compiled code, and tables that have an end, such as those of the ids that were seen; the same for any number of sessions. */
const MOST_GROWTH_BYTES = 2_000_000;
/** What each tenth session leaves one more of is a leak. */
const LEAK_SHARE = 0.1;
/** Literals of which the engine keeps one of its own, once it has compiled what makes them. */
const BOILERPLATES = new Map([
  ['object Object', 150],
  ['object Array', 50],
]);
/** What this program writes its lines to. */
const OUTPUT = /^(Pipe|TTY|FSReq)/;
const CARD = 'DEADBEEF';
/** From the end of a session until the station is quiet. */
const REST_MS = 15_000;
const LINK_WITHIN_MS = 120_000;
const PLUG = 'sleep 1;iec_wait_pwr_ready;sleep 1;draw_power_regulated 16,3';

const { values } = parseArgs({
  options: { sessions: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
});
const sessions = Number(values.sessions);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** A session from plug to plug; each begins one transaction and ends it. */
type Session = (station: Station) => Promise<void>;

/** What is done to a station at one of its EVSEs. */
class Station {
  readonly #world: VirtualWorld;
  readonly #evse: number;

  constructor(world: VirtualWorld, evse: number) {
    this.#world = world;
    this.#evse = evse;
  }

  wait(seconds: number): Promise<unknown> {
    return this.#world.until(() => false, seconds * 1000);
  }

  async card(): Promise<void> {
    const token = { id_token: { value: CARD, type: 'ISO14443' }, authorization_type: 'RFID', connectors: [this.#evse] };
    await this.#world.publish(this.#world.layout.cardTopics[0] ?? '', JSON.stringify(token));
  }

  car(script: string, command: 'execute' | 'modify' = 'execute'): Promise<void> {
    return this.#toCar(`cmd/${command}_charging_session`, script);
  }

  fault(raise: boolean): Promise<void> {
    return this.#toCar('error', JSON.stringify({ error_type: 'MREC6UnderVoltage', raise: String(raise) }));
  }

  async call(action: string, payload: object): Promise<void> {
    const { csms, station } = this.#world;
    await this.#world.settled(csms.call(station, action, payload), 60_000);
  }

  get transactionId(): number | null | undefined {
    const { transactions } = this.#world.csms.ledger(this.#world.station);
    return transactions.at(-1)?.id;
  }

  #toCar(topic: string, payload: string): Promise<void> {
    return this.#world.publish(`everest_external/nodered/${this.#evse}/carsim/${topic}`, payload);
  }
}

const kinds: readonly Session[] = [
  async (station) => {
    await station.card();
    await station.car(`${PLUG};sleep 60;unplug`);
    await station.wait(70);
  },
  async (station) => {
    await station.car(`${PLUG};sleep 40;pause;sleep 20;draw_power_regulated 10,1;sleep 20;unplug`);
    await station.wait(3);
    await station.card();
    await station.wait(90);
  },
  async (station) => {
    await station.car(`${PLUG};sleep 50;unplug`);
    await station.card();
    await station.wait(20);
    await station.card();
    await station.wait(40);
  },
  async (station) => {
    await station.car(`${PLUG};sleep 90;unplug`);
    await station.card();
    await station.wait(20);
    await station.fault(true);
    await station.wait(10);
    await station.fault(false);
    await station.wait(70);
  },
  async (station) => {
    await station.car(`${PLUG};sleep 20;error_e;sleep 5;unplug`);
    await station.card();
    await station.wait(40);
  },
  async (station) => {
    await station.car(`${PLUG};sleep 300`);
    await station.card();
    await station.wait(20);
    await station.call('RemoteStopTransaction', { transactionId: station.transactionId });
    await station.wait(10);
    await station.car('unplug', 'modify');
  },
];

const clock = new RealClock();
const heap = new HeapWatch();
const faults: string[] = [];
const beganMs = clock.monotonicMs();
let billed = 0;

const world = await VirtualWorld.create({
  configFile: join(resolve(import.meta.dirname, '..'), 'config-sil-ocpp.yaml'),
  station: 'cp001',
  seed: Number(values.seed),
  log: silentLogger,
  transcript: () => {},
});
await world.start();
await world.until(() => false, 60_000);

/** The CSMS is to know nothing of the past: counts what it knows, and has it forget. */
async function settleAccounts(): Promise<void> {
  const { csms, station } = world;
  const { transactions } = csms.ledger(station);
  billed += transactions.filter(({ stopped, energyWh }) => stopped !== null && energyWh > 0).length;
  await world.setLink({ kind: 'cut' });
  await world.until(() => false, 1_000);
  csms.forget(station);
  await world.setLink({ kind: 'restored' });
  const isThere = (): boolean => csms.list().some((known) => known.station === station && known.connected);
  if (!(await world.until(isThere, LINK_WITHIN_MS))) throw new Error('the station did not come back');
  await world.settled(csms.call(station, 'TriggerMessage', { requestedMessage: 'BootNotification' }), 60_000);
  await world.until(() => false, 30_000);
  for (const { rule, message } of csms.violations.filter((found) => found.rule !== 'BOOT_NOT_ACCEPTED'))
    faults.push(`${rule}: ${message}`);
  csms.clearViolations();
  world.forget();
}

function sample(done: number): void {
  heap.sample(done / sessions);
  const { census } = world;
  const open = { ...census, resources: process.getActiveResourcesInfo().filter((name) => !OUTPUT.test(name)).length };
  const bytes = process.memoryUsage().heapUsed;
  const seconds = Math.round((clock.monotonicMs() - beganMs) / 1000);
  say(`${done} sessions, ${seconds} s: ${(bytes / 1e6).toFixed(2)} MB, ${JSON.stringify(open)}`);
  for (const [name, count] of Object.entries(open)) {
    const before = first.get(name) ?? count;
    first.set(name, before);
    if (count !== before) faults.push(`${name}: ${before} before, ${count} after ${done} sessions`);
  }
}

const first = new Map<string, number>();
const every = Math.max(1, Math.round(sessions / SAMPLES));
await settleAccounts();
let warm = await takeHeapCensus();
for (let done = 1; done <= sessions; done++) {
  const play = kinds[done % kinds.length];
  await play?.(new Station(world, 1 + (Math.floor(done / kinds.length) % 2)));
  await world.until(() => false, REST_MS);
  if (done % every !== 0) continue;
  await settleAccounts();
  if (done === WARM_AFTER * every) warm = await takeHeapCensus();
  sample(done);
}
const leak = (sessions - WARM_AFTER * every) * LEAK_SHARE;
for (const [name, by] of grown(warm, await takeHeapCensus())) {
  if (by > leak + (BOILERPLATES.get(name) ?? 0)) faults.push(`${by} more of ${name}`);
  else if (by > 1) say(`${by} more of ${name}`);
}
for (const { rule, message } of world.findings()) faults.push(`${rule}: ${message}`);
if (billed !== sessions) faults.push(`${billed} of ${sessions} sessions were charged and billed`);
if (heap.growth > MOST_GROWTH_BYTES) faults.push(`the memory grew by ${Math.round(heap.growth / 1000)} kB`);
const { timers } = world.census;
await world.stop();
// The last goodbye takes a moment to arrive.
await world.clock.advance(1_000);
say(`${timers} timers before the end, ${world.census.timers} after it`);
if (world.census.timers > 0) faults.push(`${world.census.timers} timers outlived the station`);
for (const fault of faults) say(`FAULT ${fault}`);
say(
  `${sessions} sessions, ${billed} billed, memory ${heap.growth < 0 ? '' : '+'}${Math.round(heap.growth / 1000)} kB, ${faults.length} faults`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
