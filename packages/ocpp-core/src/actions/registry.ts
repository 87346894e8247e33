import type { Engine } from '../engine.ts';
import type { RequestHandler } from '../rpc/inbound.ts';
import { type Action, requestOf } from '../rpc/typed.ts';
import { cancelReservation } from './cancel-reservation.ts';
import { changeAvailability } from './change-availability.ts';
import { changeConfiguration } from './change-configuration.ts';
import { clearCache } from './clear-cache.ts';
import { dataTransfer } from './data-transfer.ts';
import { supportsProfile } from './feature-profiles.ts';
import { getConfiguration } from './get-configuration.ts';
import { getDiagnostics } from './get-diagnostics.ts';
import { getLocalListVersion } from './get-local-list-version.ts';
import type { FeatureProfile, IncomingAction } from './incoming-action.ts';
import { remoteStartTransaction } from './remote-start-transaction.ts';
import { remoteStopTransaction } from './remote-stop-transaction.ts';
import { reserveNow } from './reserve-now.ts';
import { reset } from './reset.ts';
import { sendLocalList } from './send-local-list.ts';
import { triggerMessage } from './trigger-message.ts';
import { unlockConnector } from './unlock-connector.ts';
import { updateFirmware } from './update-firmware.ts';

interface Registered {
  readonly action: string;
  readonly profile: FeatureProfile;
  readonly bind: (engine: Engine) => RequestHandler;
}

/** Every action of the CSMS that is handled here. A new one is a file and a line. */
const registered: ReadonlyMap<string, Registered> = new Map(
  [
    entry(cancelReservation),
    entry(changeAvailability),
    entry(changeConfiguration),
    entry(clearCache),
    entry(dataTransfer),
    entry(getConfiguration),
    entry(getDiagnostics),
    entry(getLocalListVersion),
    entry(remoteStartTransaction),
    entry(remoteStopTransaction),
    entry(reserveNow),
    entry(reset),
    entry(sendLocalList),
    entry(triggerMessage),
    entry(unlockConnector),
    entry(updateFirmware),
  ].map((found) => [found.action, found]),
);

/** The handler of an action; undefined where it is not handled, or its feature profile is off. */
export function findHandler(engine: Engine, action: string): RequestHandler | undefined {
  const found = registered.get(action);
  return found && supportsProfile(engine.configuration, found.profile) ? found.bind(engine) : undefined;
}

function entry<A extends Action>(incoming: IncomingAction<A>): Registered {
  const { action, profile } = incoming;
  return { action, profile, bind: (engine) => (payload) => incoming.handle(engine, requestOf(action, payload)) };
}
