import { formatTimestamp, silentLogger, VirtualClock } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { Auth } from '../../src/auth.ts';
import type { AuthConfig } from '../../src/auth-settings.ts';
import { PlayedEvse } from './played-evse.ts';

type Token = types.authorization.ProvidedIdToken;
type WithdrawRequest = types.authorization.WithdrawAuthorizationRequest;

/** A card that the validator knows. */
export interface Card {
  /** How long the validator thinks about it. */
  readonly afterMs?: number;
  readonly group?: string;
  readonly status?: types.authorization.AuthorizationStatus;
}

/** What a race is run on. */
export interface RaceOptions {
  readonly evses?: number;
  readonly config?: Partial<AuthConfig>;
  readonly cards?: Readonly<Record<string, Card>>;
}

const USUAL_VALIDATOR_MS = 50;
const RESERVED_FOR_MS = 60_000;
const CONNECTION_TIMEOUT_S = 20;

/** What a token comes to: one end, which an authorization that nobody used may outlive. */
const WHOLE =
  /^Processing( Accepted)*( (Rejected|TimedOut|Withdrawn|UsedToStop|UsedToReauthorize)| UsedToStart( (TimedOut|Withdrawn))?)$/;

/** Auth with played EVSEs and a validator, where every word takes its time, and the rules that hold whatever comes when. */
export class Race {
  readonly clock: VirtualClock = new VirtualClock();
  readonly evses: PlayedEvse[];
  readonly auth: Auth;
  /** Whatever was said of each presentation of a token, by its number. */
  readonly statuses: string[][] = [];
  readonly presented: string[] = [];
  readonly reservationUpdates: string[] = [];
  readonly reservationAnswers: string[] = [];
  readonly withdrawals: string[] = [];
  readonly #cards: Readonly<Record<string, Card>>;

  constructor({ evses = 1, config, cards = {} }: RaceOptions) {
    this.#cards = cards;
    this.auth = new Auth({
      moduleId: 'auth',
      config: {
        selection_algorithm: 'FindFirst',
        connection_timeout: CONNECTION_TIMEOUT_S,
        master_pass_group_id: '',
        prioritize_authorization_over_stopping_transaction: true,
        ignore_connector_faults: false,
        plug_in_timeout_enabled: false,
        stop_transaction_on_reswipe: true,
        ...config,
      },
      clock: this.clock,
      log: silentLogger,
      validators: [(token) => this.#validate(token)],
      publishStatus: (token, status) => this.statuses[token.request_id ?? -1]?.push(status),
      publishReservation: (id, status) => this.reservationUpdates.push(`${id} ${status}`),
      reservationsChanged: () => {},
      changed: () => {},
    });
    this.evses = Array.from({ length: evses }, (_, index) => {
      const id = index + 1;
      const played = new PlayedEvse(id, this.clock, (event) => this.auth.sessions.take(added, event));
      const added = this.auth.addEvse({ id, connectors: [{ id: 1, type: 'cType2' }] }, played.port);
      return played;
    });
  }

  evse(id: number): PlayedEvse {
    const evse = this.evses[id - 1];
    if (!evse) throw new RangeError(`no EVSE ${id}`);
    return evse;
  }

  swipe(value: string, more: Partial<Token> = {}): void {
    const request_id = this.presented.push(value) - 1;
    this.statuses.push([]);
    const token: Token = { id_token: { value, type: 'ISO14443' }, authorization_type: 'RFID', request_id, ...more };
    void this.auth.take(token);
  }

  remoteStart(value: string, connectors: number[]): void {
    this.swipe(value, { authorization_type: 'OCPP', prevalidated: true, connectors });
  }

  reserve(reservation_id: number, id_token: string, more: Partial<types.reservation.Reservation> = {}): void {
    const expiry_time = formatTimestamp(this.clock.wallMs() + RESERVED_FOR_MS);
    void this.auth.reservations
      .make({ reservation_id, id_token, expiry_time, ...more })
      .then((result) => this.reservationAnswers.push(`${reservation_id} ${result}`));
  }

  withdraw(request: WithdrawRequest): void {
    void this.auth.withdraw(request).then((result) => this.withdrawals.push(result));
  }

  /** What is broken when nothing is on its way any more, before the timers run out. */
  whenQuiet(): string[] {
    const { book } = this.auth.reservations;
    const isSpokenFor = new Set(book.spokenFor().map(({ id }) => id));
    const isAwaited = this.auth.evses.all.some((evse) => evse.identifier && !evse.transactionActive);
    return this.auth.evses.all.flatMap((evse) => {
      const played = this.evse(evse.id);
      const seen = { plugged: evse.pluggedIn, transaction: evse.transactionActive, disabled: !evse.usable };
      const is = {
        plugged: played.plugged && !played.disabled,
        transaction: played.transaction,
        disabled: played.disabled || played.faulted,
      };
      // It is told when the transaction begins that leaves no other place, and not while a car stands there.
      const isUntold = played.reserved === undefined && (played.busy || isAwaited);
      const anybody = isSpokenFor.has(evse.id) && !isUntold ? -1 : undefined;
      const wanted = book.of(evse.id)?.reservation_id ?? anybody;
      return [
        JSON.stringify(seen) !== JSON.stringify(is) &&
          `EVSE ${evse.id} is ${JSON.stringify(is)}, not ${JSON.stringify(seen)}`,
        played.reserved !== wanted && `EVSE ${evse.id} is reserved by ${played.reserved}, not ${wanted}`,
        evse.claimed && `EVSE ${evse.id} is still claimed`,
        evse.identifier?.token.id_token.value !== played.authorized?.id_token.value &&
          `EVSE ${evse.id} is authorized for ${played.authorized?.id_token.value}, not ${evse.identifier?.token.id_token.value}`,
      ].filter((broken) => broken !== false);
    });
  }

  /** What is broken at the very end, when all timers have run out. */
  atTheEnd(): string[] {
    const queue = this.auth.queue.order;
    return [
      ...this.evses.flatMap(({ violations }) => violations),
      ...this.statuses.flatMap((statuses, at) => this.#ofStatuses(statuses, at)),
      ...this.auth.evses.all.flatMap((evse) => {
        const isWaiting = evse.identifier && !evse.transactionActive;
        return isWaiting || evse.timer ? [`EVSE ${evse.id} still awaits a car`] : [];
      }),
      ...(this.auth.reservations.book.all.length > 0 ? ['a reservation outlives its end'] : []),
      ...queue.filter((id) => !this.evse(id).plugged || this.evse(id).transaction).map((id) => `EVSE ${id} is queued`),
      ...(new Set(queue).size < queue.length ? ['an EVSE is queued twice'] : []),
      ...(this.clock.nextDueMs() === undefined ? [] : ['a timer is left']),
      ...this.#ofReservations(),
    ];
  }

  /** How often a token began a transaction. */
  begun(value: string): number {
    return this.evses.flatMap(({ started }) => started).filter((one) => one === value).length;
  }

  /** The presentations of a token that came to an end. */
  ends(value: string): (string | undefined)[] {
    return this.statuses.filter((_, at) => this.presented[at] === value).map((statuses) => statuses.at(-1));
  }

  #ofStatuses(statuses: readonly string[], at: number): string[] {
    const value = this.presented[at];
    const text = statuses.join(' ');
    // Passed over in silence is only who is being dealt with already.
    if (statuses.length === 0)
      return this.presented.indexOf(value ?? '') < at ? [] : [`${value} was passed over in silence`];
    return WHOLE.test(text) ? [] : [`${value} came to: ${text}`];
  }

  #ofReservations(): string[] {
    const placed = this.reservationUpdates.filter((update) => update.endsWith('Placed'));
    const accepted = this.reservationAnswers.filter((answer) => answer.endsWith('Accepted'));
    return placed.length > accepted.length ? ['a reservation was placed that was not accepted'] : [];
  }

  async #validate({ id_token }: Token): Promise<types.authorization.ValidationResult> {
    const { afterMs = USUAL_VALIDATOR_MS, group, status = 'Accepted' } = this.#cards[id_token.value] ?? {};
    await this.clock.sleep(afterMs);
    return {
      authorization_status: status,
      tariff_messages: [],
      ...(group && { parent_id_token: { value: group, type: 'Central' } }),
    };
  }
}
