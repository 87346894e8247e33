/**
 * Cuts the power of a station in the middle of a charge, twice: with its CSMS on the line, and without. The station runs in a virtual
 * machine with a disk; the CSMS runs outside. It has to see each transaction start once and stop once, with reason PowerLoss and a meter
 * that is plausible.
 *
 *     pnpm power-cut TOOL
 *
 * TOOL runs a command in a virtual machine, as ../shared/tools/hardware-vm/hardware-vm does.
 */
import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock, silentLogger, systemRandom } from '@chargemesh/base';
import { type LedgerTransaction, serveCsms } from '@chargemesh/csms';
import { build } from 'esbuild';
import { command, until } from '../e2e/mesh-process.ts';
import { WireExit } from './file-wire.ts';
import { VirtualMachine } from './virtual-machine.ts';

const STATION = 'cp001';
const SAMPLES_EVERY_S = 2;
/** The processor of the machine is emulated, and ours may be busy. */
const PATIENCE_MS = 150_000;
/** From the boot of a station to the end of what a cut left open. */
const STOP_WITHIN_MS = 60_000;

const [tool] = process.argv.slice(2);
assert(tool !== undefined, 'name the program that runs a command in a virtual machine');

const clock = new RealClock();
const beganMs = clock.monotonicMs();
const folder = mkdtempSync(join(tmpdir(), 'chargemesh-power-cut-'));
const setup = { tool, disk: join(folder, 'disk'), shared: join(folder, 'shared') };
const served = await serveCsms({ clock, random: systemRandom, log: silentLogger });
const { csms } = served;
const calls: string[] = [];
csms.onFrame(({ dir, text }) => {
  const [kind, , action] = dir === 'rx' ? (JSON.parse(text) as unknown[]) : [];
  if (kind === 2) calls.push(String(action));
});
const wire = new WireExit(clock, join(setup.shared, 'wire'), served.port);
let machine: VirtualMachine | undefined;

function say(text: string): void {
  process.stdout.write(`${((clock.monotonicMs() - beganMs) / 1_000).toFixed(1).padStart(6)} s  ${text}\n`);
}

function times(action: string): number {
  return calls.filter((each) => each === action).length;
}

function transaction(index: number): LedgerTransaction | undefined {
  return csms.list().find(({ station }) => station === STATION)?.transactions[index];
}

/** Switches the machine on, and waits until its station has booted. */
async function switchOn(count: number): Promise<VirtualMachine> {
  const boots = times('BootNotification');
  const started = VirtualMachine.start(setup, count);
  machine = started;
  const booted = async (): Promise<boolean> => {
    assert(started.stationRuns, 'the station has ended');
    return times('BootNotification') > boots;
  };
  await until('BootNotification', booted, PATIENCE_MS);
  say(`start ${count}: the station has booted`);
  return started;
}

/** Waits until a transaction that a cut left open is stopped, and looks at it. */
async function stopped(index: number, least: { readonly meterStopWh: number }): Promise<void> {
  const seen = await until(
    'StopTransaction',
    async () => {
      const found = transaction(index);
      return found?.stopped && found;
    },
    STOP_WITHIN_MS,
  );
  say(`transaction ${seen.id}: from ${seen.meterStartWh} to ${seen.meterStopWh} Wh, ${seen.reason}`);
  assert.equal(seen.reason, 'PowerLoss');
  assert.equal(seen.idTag, 'DEADBEEF');
  const meterStopWh = seen.meterStopWh ?? -1;
  assert(meterStopWh >= least.meterStopWh, `${meterStopWh} Wh is less than the ${least.meterStopWh} Wh that were read`);
  // A minute at 22 kW.
  assert(meterStopWh < least.meterStopWh + 370, `${meterStopWh} Wh is more than can have flowed`);
}

async function play(): Promise<void> {
  const first = await switchOn(1);
  const key = 'MeterValueSampleInterval';
  await csms.call(STATION, 'ChangeConfiguration', { key, value: String(SAMPLES_EVERY_S) });
  await first.do('plug', '1');
  await first.do('swipe', '1', 'DEADBEEF');
  await until('energy', async () => (transaction(0)?.energyWh ?? 0) > 0, PATIENCE_MS);
  await first.cutPower();
  const before = transaction(0);
  assert(before !== undefined);
  assert.equal(before.stopped, null);
  const readWh = before.meterStartWh + before.energyWh;
  say(`the power is cut in transaction ${before.id}, at ${readWh} Wh`);

  const second = await switchOn(2);
  await stopped(0, { meterStopWh: readWh });
  await csms.call(STATION, 'GetConfiguration', { key: [key] });
  const { [key]: kept } = csms.ledger(STATION).configuration;
  assert.equal(kept?.value, String(SAMPLES_EVERY_S), 'a change of the configuration that was accepted is lost');

  // Now with nobody to tell.
  csms.refuse(true);
  csms.drop(STATION);
  await second.do('plug', '1');
  await second.do('swipe', '1', 'DEADBEEF');
  await until('the charge', async () => (await second.do('status')).includes(': Charging'), PATIENCE_MS);
  await second.cutPower();
  assert.equal(transaction(1), undefined);
  say('the power is cut in a transaction that the CSMS knows nothing of');

  csms.refuse(false);
  await switchOn(3);
  await stopped(1, { meterStopWh: 0 });
  // What might be said twice would be by now.
  await csms.call(STATION, 'GetConfiguration', { key: [key] });
  await clock.sleep(2_000);
  assert.equal(times('StartTransaction'), 2);
  assert.equal(times('StopTransaction'), 2);
  assert.deepEqual(csms.violations, []);
}

try {
  // What the machine runs is made here: there nothing can be written beside the sources.
  await command('check', 'config-sil-ocpp.yaml');
  await build({
    entryPoints: [join(import.meta.dirname, 'station-wire.ts')],
    outfile: join(setup.shared, 'wire.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    conditions: ['development'],
  });
  await play();
  say('the CSMS saw two transactions, each start and each stop once');
} catch (error) {
  say('failed');
  process.exitCode = 1;
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.stderr.write(
    `the station said:\n${machine?.said}\nframes:\n${csms
      .frames()
      .map(({ dir, text }) => `${dir} ${text}`)
      .join('\n')}\n`,
  );
} finally {
  if (machine?.runs) await machine.cutPower();
  await wire.close();
  await served.stop();
  rmSync(folder, { recursive: true });
}
