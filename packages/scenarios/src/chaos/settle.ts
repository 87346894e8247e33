import { StepFailure } from '../run/step-failure.ts';
import type { World } from '../world/world.ts';
import type { WholeLedger } from './whole-ledger.ts';

const LOOK_EVERY_MS = 3_000;
/** A car that was just told to leave may have been away from the bus. */
const UNPLUG_EVERY_MS = 20_000;

/**
 * Has all cars leave and waits until each transaction that was begun is with the CSMS, once and whole, and stays so for `quietMs`.
 * @throws StepFailure with all that is missing or too much
 */
export async function settle(
  world: World,
  ledger: WholeLedger,
  unplug: (evse: number) => Promise<void>,
  { withinMs, quietMs }: { readonly withinMs: number; readonly quietMs: number },
): Promise<void> {
  const endMs = world.clock.monotonicMs() + withinMs;
  for (const { evse } of world.layout.evses) await unplug(evse).catch(() => {});
  let unplugMs = world.clock.monotonicMs() + UNPLUG_EVERY_MS;
  let quietSinceMs: number | undefined;
  for (;;) {
    const nowMs = world.clock.monotonicMs();
    const busy = await busyEvses(world);
    if (busy.length > 0 && nowMs >= unplugMs) {
      unplugMs = nowMs + UNPLUG_EVERY_MS;
      for (const evse of busy) await unplug(evse).catch(() => {});
    }
    const faults = [...busy.map((evse) => `EVSE ${evse} still has a session`), ...ledger.faults()];
    if (faults.length > 0) quietSinceMs = undefined;
    else quietSinceMs ??= nowMs;
    if (quietSinceMs !== undefined && nowMs - quietSinceMs >= quietMs) return;
    if (nowMs >= endMs) throw new StepFailure(faults.join('\n') || 'it does not come to rest');
    await world.until(() => false, LOOK_EVERY_MS);
  }
}

async function busyEvses(world: World): Promise<number[]> {
  const views = await world.evses().catch(() => []);
  const seen = new Map(views.map(({ evse, session }) => [evse, session !== undefined]));
  // One that cannot be asked may have anything.
  return world.layout.evses.map(({ evse }) => evse).filter((evse) => seen.get(evse) ?? true);
}
