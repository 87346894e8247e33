import { type Clock, formatTimestamp } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';

type SessionEvent = types.evse_manager.SessionEvent;
type EventName = types.evse_manager.SessionEventEnum;

/** Everything that a session event may carry beside its name, its session and its time. */
export type SessionEventDetails = Omit<Partial<SessionEvent>, 'uuid' | 'timestamp' | 'event'>;

const PROTOCOL_BASIC = 'IEC61851-1';
const PROTOCOL_NONE = 'Unknown';

/** Events that carry the meter's value as a change of the charging state. */
const chargingStateEvents: ReadonlySet<EventName> = new Set([
  'ChargingStarted',
  'ChargingPausedEV',
  'ChargingPausedEVSE',
]);
const authorizationEvents: ReadonlySet<EventName> = new Set(['Authorized', 'Deauthorized']);
/** Events after which the protocol is not told again. */
const withoutProtocol: ReadonlySet<EventName> = new Set([
  'SessionStarted',
  'TransactionStarted',
  'TransactionFinished',
  'ChargingPausedEVSE',
  'ReservationStart',
  'ReservationEnd',
  'SessionResumed',
]);

/** Where session events go. */
export interface SessionEventSink {
  sessionEvent(event: SessionEvent): void;
  /** Resolves when all of them are on disk and told. */
  written(): Promise<void>;
  selectedProtocol(protocol: string): void;
}

/** Puts session events together: each with its time, its session and the meter's value where it belongs to one. */
export class SessionEvents {
  readonly #sink: SessionEventSink;
  readonly #clock: Clock;
  readonly #meterValue: () => types.powermeter.Powermeter;
  #protocol = PROTOCOL_NONE;

  constructor(sink: SessionEventSink, sources: { clock: Clock; meterValue: () => types.powermeter.Powermeter }) {
    this.#sink = sink;
    this.#clock = sources.clock;
    this.#meterValue = sources.meterValue;
  }

  /** The meter's value, as an event that carries one by itself shows it. */
  meterValue(): types.powermeter.Powermeter {
    return this.#meterValue();
  }

  /** Resolves when all that was published is on disk and told. */
  written(): Promise<void> {
    return this.#sink.written();
  }

  /** Car and EVSE have agreed on how they talk. Told with what comes next. */
  speak(protocol: string): void {
    this.#protocol = protocol;
  }

  /** Publishes an event of a session; outside of sessions its id is the empty text. */
  publish(event: EventName, sessionId: string, details: SessionEventDetails = {}): void {
    this.#noteProtocol(event);
    const meter_value = this.#meterValue();
    this.#sink.sessionEvent({
      uuid: sessionId,
      timestamp: formatTimestamp(this.#clock.wallMs()),
      event,
      ...(chargingStateEvents.has(event) && { charging_state_changed_event: { meter_value } }),
      ...(authorizationEvents.has(event) && { authorization_event: { meter_value } }),
      ...details,
    });
    if (!withoutProtocol.has(event)) this.#sink.selectedProtocol(this.#protocol);
  }

  #noteProtocol(event: EventName): void {
    if (event === 'SessionStarted') this.#protocol = PROTOCOL_BASIC;
    if (event === 'TransactionFinished' || event === 'SessionFinished') this.#protocol = PROTOCOL_NONE;
  }
}
