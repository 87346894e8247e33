import type { TrialCsms } from './trial-csms.ts';
import type { LinkState } from './world.ts';

/** Does to the connection that there is what a state of the link asks for. What becomes of the next one is the world's concern. */
export function disturbLink(csms: TrialCsms, station: string, { kind }: LinkState): void {
  const view = csms.list().find((found) => found.station === station && found.connected);
  if (kind === 'half-open') csms.halfOpen(station, true);
  else if (view && (kind === 'cut' || kind === 'dropped')) csms.drop(station, 'cut');
  else if (view?.halfOpen && kind === 'restored') csms.halfOpen(station, false);
}
