import type { Engine } from '../engine.ts';
import type { Action, Request, Response } from '../rpc/typed.ts';

/** A group of actions that SupportedFeatureProfiles switches on; `always` for those that no switch governs. */
export type FeatureProfile =
  | 'Core'
  | 'FirmwareManagement'
  | 'LocalAuthListManagement'
  | 'RemoteTrigger'
  | 'Reservation'
  | 'SmartCharging'
  | 'always';

/** What a handler answers, and what it does once the answer is on the wire. */
export interface ActionAnswer<A extends Action> {
  readonly response: Response<A>;
  readonly afterwards?: () => void;
}

/** How one action of the CSMS is handled. Its request has passed its schema. */
export interface IncomingAction<A extends Action> {
  readonly action: A;
  readonly profile: FeatureProfile;
  /** @throws RpcError to answer with a CALLERROR */
  handle(engine: Engine, request: Request<A>): ActionAnswer<A> | Promise<ActionAnswer<A>>;
}
