/** What was seen of a card since it was held to the reader of an EVSE. */
export interface SwipeFacts {
  /** What Auth said of it last. @see interfaces/auth.yaml, token_validation_status */
  readonly status: string | undefined;
  /** Whether a car is plugged in at the EVSE. */
  readonly car: boolean;
  /** What became of the transaction that it starts. */
  readonly transaction: 'none' | 'begun' | 'refused';
}

/**
 * What becomes of a card. Auth says Processing, then
 * - UsedToStop or UsedToReauthorize, where it or its group has a transaction there, or
 * - Rejected, where it is refused or nothing is free, or
 * - Accepted and UsedToStart, where the EVSE has it now; Accepted alone, while no EVSE does; Rejected, where none took it after all.
 *
 * TimedOut follows where no car comes in time, Withdrawn where somebody takes it back. A card that waits at the EVSE already is passed
 * over in silence.
 */
export type SwipeOutcome =
  | 'unheard'
  | 'asked'
  | 'accepted'
  | 'waits'
  | 'placed'
  | 'starts'
  | 'refused'
  | 'stops'
  | 'goes on'
  | 'rejected'
  | 'timed out'
  | 'withdrawn';

/** How an outcome is told, and how long something better is waited for. */
export interface OutcomeRule {
  readonly text: (evse: number) => string;
  /** Whether the card did what a card is held there for. */
  readonly good: boolean;
  /** How long it has to stand before it is taken for the last. */
  readonly patienceMs: number;
  /** Whether something has to follow, for which one may want to wait as long as it takes. */
  readonly open: boolean;
}

const last = (good: boolean, text: (evse: number) => string): OutcomeRule => ({
  text,
  good,
  patienceMs: 0,
  open: false,
});

/** The outcomes as data. */
export const OUTCOMES: Readonly<Record<SwipeOutcome, OutcomeRule>> = {
  unheard: {
    text: (evse) =>
      `was read, and nothing comes of it: does it wait at EVSE ${evse} for a car already, or is it being asked about?`,
    good: false,
    patienceMs: 6_000,
    open: false,
  },
  asked: {
    text: () => 'was read; nobody has said yet what becomes of it',
    good: false,
    // The CSMS is asked, and may take its time.
    patienceMs: 15_000,
    open: true,
  },
  accepted: { text: (evse) => `accepted: it waits for EVSE ${evse}`, good: true, patienceMs: 1_000, open: true },
  waits: {
    text: () => 'accepted: plug in a car before the connection timeout takes it back',
    good: true,
    patienceMs: 0,
    open: true,
  },
  placed: {
    text: (evse) => `accepted: EVSE ${evse} has it, and has not begun a transaction yet`,
    good: true,
    patienceMs: 3_000,
    open: true,
  },
  // The CSMS may still refuse it in its answer to the start.
  starts: { text: (evse) => `accepted: EVSE ${evse} starts`, good: true, patienceMs: 300, open: false },
  refused: last(false, () => 'accepted, and refused by the CSMS when the transaction began'),
  stops: last(true, (evse) => `accepted: EVSE ${evse} stops`),
  'goes on': last(true, () => 'accepted: the session goes on'),
  rejected: last(false, () => 'rejected'),
  'timed out': last(false, () => 'accepted, and taken back: no car was plugged in in time'),
  withdrawn: last(false, () => 'withdrawn'),
};

/** The outcome, as far as it is known. */
export function outcomeOf({ status, car, transaction }: SwipeFacts): SwipeOutcome {
  switch (status) {
    case undefined:
      return 'unheard';
    case 'Accepted':
      return 'accepted';
    case 'UsedToStart':
      if (transaction === 'none') return car ? 'placed' : 'waits';
      return transaction === 'begun' ? 'starts' : 'refused';
    case 'UsedToStop':
      return 'stops';
    case 'UsedToReauthorize':
      return 'goes on';
    case 'Rejected':
      return 'rejected';
    case 'TimedOut':
      return 'timed out';
    case 'Withdrawn':
      return 'withdrawn';
    default:
      return 'asked';
  }
}

/**
 * Takes a value of Auth's token_validation_status into account, if it is of this card at this EVSE.
 * @param connectorId the one that the card was presented for
 */
export function afterStatus(facts: SwipeFacts, value: unknown, idTag: string, connectorId: number): SwipeFacts {
  const { status, token } = fields(value);
  const { connectors } = fields(token);
  if (typeof status !== 'string' || !isCard(token, idTag)) return facts;
  if (Array.isArray(connectors) && !connectors.includes(connectorId)) return facts;
  return { ...facts, status };
}

/** Takes a session event of the EVSE into account. */
export function afterSession(facts: SwipeFacts, value: unknown, idTag: string): SwipeFacts {
  const { event, session_started, transaction_started, transaction_finished } = fields(value);
  switch (event) {
    case 'SessionStarted':
      // A session begins by an authorization, too; the car is yet to come then.
      return { ...facts, car: facts.car || fields(session_started).reason === 'EVConnected' };
    case 'SessionFinished':
      return { ...facts, car: false };
    case 'TransactionStarted':
      return isCard(fields(transaction_started).id_tag, idTag) ? { ...facts, car: true, transaction: 'begun' } : facts;
    case 'TransactionFinished':
      if (facts.transaction !== 'begun' || fields(transaction_finished).reason !== 'DeAuthorized') return facts;
      return { ...facts, transaction: 'refused' };
    default:
      return facts;
  }
}

/** Whether a token is this card; upper and lower case do not differ. */
function isCard(token: unknown, idTag: string): boolean {
  const { value } = fields(fields(token).id_token);
  return typeof value === 'string' && value.toLowerCase() === idTag.toLowerCase();
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
