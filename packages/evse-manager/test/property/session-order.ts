import type { types } from '@chargemesh/contracts';

type SessionEvent = types.evse_manager.SessionEvent;
type EventName = types.evse_manager.SessionEventEnum;

/** Where a session stands, as far as its events tell. */
type Stage =
  | 'none'
  | 'open'
  | 'begun'
  | 'preparing'
  | 'charging'
  | 'switching'
  | 'stopping'
  | 'pausedByCar'
  | 'pausedByEvse'
  | 'ending'
  | 'ended';

/** Which event may come where, and where it leads. What is not here is out of order. */
const next: Readonly<Record<Stage, Partial<Record<EventName, Stage>>>> = {
  none: { SessionStarted: 'open' },
  open: {
    AuthRequired: 'open',
    Authorized: 'open',
    Deauthorized: 'open',
    PluginTimeout: 'open',
    TransactionStarted: 'begun',
    SessionFinished: 'none',
  },
  // A car that left while the meter began the transaction never prepares.
  begun: { PrepareCharging: 'preparing', ChargingFinished: 'ending' },
  preparing: {
    PrepareCharging: 'preparing',
    ChargingStarted: 'charging',
    StoppingCharging: 'stopping',
    ChargingPausedEV: 'pausedByCar',
  },
  charging: { StoppingCharging: 'stopping', SwitchingPhases: 'switching' },
  switching: { PrepareCharging: 'preparing', StoppingCharging: 'stopping' },
  stopping: { ChargingPausedEV: 'pausedByCar', ChargingPausedEVSE: 'pausedByEvse', ChargingFinished: 'ending' },
  pausedByCar: {
    PrepareCharging: 'preparing',
    StoppingCharging: 'stopping',
    ChargingPausedEVSE: 'pausedByEvse',
  },
  pausedByEvse: { ChargingPausedEVSE: 'pausedByEvse', PrepareCharging: 'preparing', StoppingCharging: 'stopping' },
  ending: { TransactionFinished: 'ended' },
  ended: { SessionFinished: 'none' },
};

/** Every event that there is in a session. */
export const insideEvents: readonly string[] = [...new Set(Object.values(next).flatMap(Object.keys))];

/** Events that may come anywhere in a session and change nothing. */
const anywhere: ReadonlySet<EventName> = new Set(['Authorized', 'Deauthorized']);
const outside: ReadonlySet<EventName> = new Set(['Enabled', 'Disabled', 'ReservationStart', 'ReservationEnd']);

/** Holds the events of one EVSE against the order in which they may come. */
export class SessionOrder {
  #stage: Stage = 'none';
  #id = '';
  #reasons = '';
  #reserved = false;
  #inService: boolean | undefined;
  readonly counts: Partial<Record<EventName, number>> = {};
  last: EventName | undefined;

  get stage(): Stage {
    return this.#stage;
  }

  /** @throws where an event comes out of order */
  take({ event, uuid, charging_paused_evse, connector_id }: SessionEvent): void {
    this.counts[event] = (this.counts[event] ?? 0) + 1;
    if (outside.has(event)) this.#takeOutside(event, uuid, connector_id);
    else this.#takeInside(event, uuid, charging_paused_evse?.reasons.join() ?? '');
    this.last = event;
  }

  #takeInside(event: EventName, uuid: string, reasons: string): void {
    const to = next[this.#stage][event] ?? (anywhere.has(event) && this.#stage !== 'none' ? this.#stage : undefined);
    if (to === undefined) throw new Error(`${event} while ${this.#stage}, after ${this.last}`);
    if (event === 'PluginTimeout' && this.last !== 'Deauthorized') throw new Error('PluginTimeout by itself');
    if (this.#stage === 'none') this.#id = uuid;
    if (uuid !== this.#id) throw new Error(`${event} of another session`);
    if (this.#stage === 'pausedByEvse' && to === 'pausedByEvse' && reasons !== '' && reasons === this.#reasons)
      throw new Error(`${event} twice for ${reasons}`);
    if (event === 'ChargingPausedEVSE' && reasons === '') throw new Error(`${event} without a reason`);
    if (to === 'pausedByEvse' && reasons !== '') this.#reasons = reasons;
    this.#stage = to;
  }

  #takeOutside(event: EventName, uuid: string, connectorId: number | undefined): void {
    if (uuid !== '') throw new Error(`${event} of a session`);
    if (connectorId !== undefined && connectorId !== 1) throw new Error(`${event} of connector ${connectorId}`);
    if (event === 'ReservationEnd' && !this.#reserved) throw new Error('ReservationEnd without a start');
    if (event === 'ReservationStart' || event === 'ReservationEnd') this.#reserved = event === 'ReservationStart';
    else {
      if (this.#inService === (event === 'Enabled')) throw new Error(`${event} twice`);
      this.#inService = event === 'Enabled';
    }
  }
}
