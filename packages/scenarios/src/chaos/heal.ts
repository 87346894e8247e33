import type { World } from '../world/world.ts';
import type { Strikes } from './strikes.ts';

const WITHIN_MS = 120_000;
/** A mesh that is not asked for its EVSEs in this time is looked upon as gone. */
const ANSWERED_ACTIONS = [
  '*',
  'Authorize',
  'BootNotification',
  'DataTransfer',
  'Heartbeat',
  'MeterValues',
  'StartTransaction',
  'StatusNotification',
  'StopTransaction',
] as const;

/** Takes back whatever was done to a world: link, answers, disk; broker and mesh run. */
export async function heal(world: World, strikes: Strikes): Promise<void> {
  for (const action of ANSWERED_ACTIONS) world.csms.setAnswer(action, { kind: 'default' });
  await world.settled(strikes.end(), WITHIN_MS);
  await world.setLink({ kind: 'restored' });
  if (!(await isUp(world))) await world.restart('manager');
}

async function isUp(world: World): Promise<boolean> {
  try {
    return (await world.evses()).length > 0;
  } catch {
    return false;
  }
}
