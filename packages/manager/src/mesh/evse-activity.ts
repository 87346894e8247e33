import { isObject } from '../config/merge-patch.ts';

/** How a connector is doing, in OCPP's words. */
export type ConnectorStatus =
  | 'Available'
  | 'Preparing'
  | 'Charging'
  | 'SuspendedEV'
  | 'SuspendedEVSE'
  | 'Finishing'
  | 'Reserved'
  | 'Unavailable'
  | 'Faulted';

/** A session at an EVSE. */
export interface SessionActivity {
  readonly id: string;
  /** UTC, such as 2026-01-31T12:00:00.000Z. */
  readonly since: string;
  /** Whether energy is counted: from the authorised plug-in to the stop. */
  readonly transaction: boolean;
  readonly idTag: string | undefined;
  /** What the meter read when the transaction began. */
  readonly startWh: number | undefined;
}

/** What an EVSE is doing, by what it said on the bus since this mesh was started. */
export interface EvseActivity {
  readonly status: ConnectorStatus;
  readonly session: SessionActivity | undefined;
  /** What flows now. */
  readonly powerW: number | undefined;
  /** The register of the meter. */
  readonly registerWh: number | undefined;
  /** What the car is offered at most, on each phase. */
  readonly limitA: number | undefined;
  /** The errors that are active. */
  readonly faults: readonly EvseFault[];
}

/** An error that an EVSE has raised. */
export interface EvseFault {
  /** Such as `evse_manager/Inoperative`. */
  readonly type: string;
  readonly message: string;
}

/** What is known of an EVSE; its status follows from it. */
export interface EvseFacts extends Omit<EvseActivity, 'status'> {
  readonly phase: 'Preparing' | 'Charging' | 'SuspendedEV' | 'SuspendedEVSE' | 'Finishing';
  readonly reserved: boolean;
  readonly disabled: boolean;
  /** Whether the session was begun before the EVSE was started anew. */
  readonly resumed: boolean;
  /** The session in which its module left, to which it may come back. */
  readonly left: SessionActivity | undefined;
}

/** An EVSE of which nothing was heard yet. */
export const quietEvse: EvseFacts = {
  session: undefined,
  phase: 'Preparing',
  reserved: false,
  disabled: false,
  resumed: false,
  left: undefined,
  powerW: undefined,
  registerWh: undefined,
  limitA: undefined,
  faults: [],
};

const INOPERATIVE = 'evse_manager/Inoperative';

/** An EVSE whose module has left: it is out of service until it says more, and what becomes of its session nobody knows. */
export function afterLeaving({ session, left }: EvseFacts): EvseFacts {
  return { ...quietEvse, disabled: true, left: session ?? left };
}

/** The activity that a person sees. Only what makes an EVSE inoperative makes it Faulted (D26). */
export function activityOf({ phase, reserved, disabled, resumed, left, ...facts }: EvseFacts): EvseActivity {
  const resting = disabled ? 'Unavailable' : reserved ? 'Reserved' : 'Available';
  const status = facts.faults.some(({ type }) => type === INOPERATIVE) ? 'Faulted' : facts.session ? phase : resting;
  return { status, ...facts };
}

/** Takes a session event into account. What it does to a connector is what it does to it in OCPP. */
export function afterSessionEvent(facts: EvseFacts, event: Readonly<Record<string, unknown>>): EvseFacts {
  const { session } = facts;
  switch (event.event) {
    case 'Enabled':
      return { ...facts, disabled: false };
    case 'Disabled':
      return { ...facts, disabled: true };
    case 'ReservationStart':
      return { ...facts, reserved: true };
    case 'ReservationEnd':
      return { ...facts, reserved: false };
    case 'SessionStarted':
      // A reservation that leads to a session ends without a word of its own.
      return { ...facts, phase: 'Preparing', reserved: false, resumed: false, left: undefined, session: begun(event) };
    case 'SessionResumed':
      // Until the EVSE says more, it holds the car off.
      return {
        ...facts,
        phase: 'SuspendedEVSE',
        disabled: false,
        resumed: true,
        left: undefined,
        session: { ...(facts.left && facts.left.id === event.uuid ? facts.left : begun(event)), transaction: true },
      };
    case 'TransactionStarted':
      return { ...facts, session: { ...(session ?? begun(event)), ...transaction(event) } };
    case 'ChargingStarted':
      return { ...facts, phase: 'Charging' };
    case 'ChargingPausedEV':
      return { ...facts, phase: 'SuspendedEV' };
    case 'ChargingPausedEVSE':
    case 'SwitchingPhases':
      return { ...facts, phase: 'SuspendedEVSE' };
    case 'TransactionFinished':
      // What a loss of power has cut off is finished without a word on its session.
      if (facts.resumed && isObject(event.transaction_finished) && event.transaction_finished.reason === 'PowerLoss')
        return { ...facts, session: undefined };
      return { ...facts, phase: 'Finishing', session: session && { ...session, transaction: false } };
    case 'SessionFinished':
      return { ...facts, session: undefined };
    default:
      return facts;
  }
}

/** Takes a reading of the EVSE's meter into account. */
export function afterMeter(facts: EvseFacts, reading: Readonly<Record<string, unknown>>): EvseFacts {
  return {
    ...facts,
    powerW: numberIn(reading.power_W, 'total'),
    registerWh: numberIn(reading.energy_Wh_import, 'total'),
  };
}

/** Takes the limit that the EVSE offers into account. */
export function afterLimits(facts: EvseFacts, limits: Readonly<Record<string, unknown>>): EvseFacts {
  return { ...facts, limitA: numberIn(limits, 'max_current') };
}

/** Takes the list of all active errors into account. */
export function afterErrors(facts: EvseFacts, errors: readonly unknown[]): EvseFacts {
  const faults = errors.flatMap((error) =>
    isObject(error) ? [{ type: String(error.type), message: String(error.message) }] : [],
  );
  return { ...facts, faults };
}

function begun({ uuid, timestamp }: Readonly<Record<string, unknown>>): SessionActivity {
  return { id: String(uuid), since: String(timestamp), transaction: false, idTag: undefined, startWh: undefined };
}

function transaction(
  event: Readonly<Record<string, unknown>>,
): Pick<SessionActivity, 'transaction' | 'idTag' | 'startWh'> {
  const started = isObject(event.transaction_started) ? event.transaction_started : {};
  const token =
    isObject(started.id_tag) && isObject(started.id_tag.id_token) ? started.id_tag.id_token.value : undefined;
  const meter = isObject(started.meter_value) ? started.meter_value.energy_Wh_import : undefined;
  return {
    transaction: true,
    idTag: typeof token === 'string' ? token : undefined,
    startWh: numberIn(meter, 'total'),
  };
}

function numberIn(value: unknown, key: string): number | undefined {
  const found = isObject(value) ? value[key] : undefined;
  return typeof found === 'number' ? found : undefined;
}
