import { silentLogger, VirtualClock } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { Auth } from '../src/auth.ts';
import type { AuthConfig } from '../src/auth-settings.ts';
import type { Evse } from '../src/evse.ts';

type ProvidedIdToken = types.authorization.ProvidedIdToken;
type ValidationResult = types.authorization.ValidationResult;

const METER = { timestamp: '2026-01-01T00:00:00.000Z', energy_Wh_import: { total: 0 } };

/** A card at a reader. */
export function card(value: string, more: Partial<ProvidedIdToken> = {}): ProvidedIdToken {
  return { id_token: { value, type: 'ISO14443' }, authorization_type: 'RFID', ...more };
}

/** What a validator says. */
export function verdict(status: ValidationResult['authorization_status'], parent?: string): ValidationResult {
  return {
    authorization_status: status,
    tariff_messages: [],
    ...(parent && { parent_id_token: { value: parent, type: 'Central' } }),
  };
}

/** The rules with played EVSEs and validators. What the EVSEs are told, and what is published, is kept as text. */
export class Station {
  readonly clock: VirtualClock = new VirtualClock();
  readonly auth: Auth;
  /** `1 authorize Accepted`, `2 stop Local` … */
  readonly told: string[] = [];
  /** `Processing`, `Accepted` …, of every token. */
  readonly statuses: string[] = [];
  readonly reservationUpdates: string[] = [];
  readonly tokens: ProvidedIdToken[] = [];
  readonly stops: types.evse_manager.StopTransactionRequest[] = [];
  readonly results: ValidationResult[] = [];
  readonly asked: string[] = [];
  /** What the validators say, in their order. */
  validators: ((token: ProvidedIdToken) => Promise<ValidationResult> | ValidationResult)[] = [
    () => verdict('Accepted'),
  ];
  /** Whether EVSEs agree to be reserved. */
  agrees = true;

  constructor(
    options: {
      evses?: number;
      config?: Partial<AuthConfig>;
      validators?: number;
      types?: types.evse_manager.ConnectorTypeEnum[];
    } = {},
  ) {
    this.auth = new Auth({
      moduleId: 'auth',
      config: {
        selection_algorithm: 'FindFirst',
        connection_timeout: 20,
        master_pass_group_id: '',
        prioritize_authorization_over_stopping_transaction: true,
        ignore_connector_faults: false,
        plug_in_timeout_enabled: false,
        stop_transaction_on_reswipe: true,
        ...options.config,
      },
      clock: this.clock,
      log: silentLogger,
      validators: Array.from({ length: options.validators ?? 1 }, (_, index) => async (token: ProvidedIdToken) => {
        this.asked.push(`${index} ${token.id_token.value}`);
        return (await this.validators[index]?.(token)) ?? verdict('Unknown');
      }),
      publishStatus: (token, status) => {
        this.statuses.push(status);
        this.tokens.push(token);
      },
      publishReservation: (id, status) => this.reservationUpdates.push(`${id} ${status}`),
      reservationsChanged: () => {},
      changed: () => {},
    });
    const kinds = options.types ?? Array.from({ length: options.evses ?? 1 }, () => 'cType2' as const);
    for (const [index, type] of kinds.entries()) this.#addEvse(index + 1, type);
  }

  /** Presents a token and lets everything happen that needs no time. */
  async swipe(token: ProvidedIdToken | string): Promise<void> {
    void this.auth.take(typeof token === 'string' ? card(token) : token);
    await this.clock.settle();
  }

  evse(id: number): Evse {
    const evse = this.auth.evses.find(id);
    if (!evse) throw new RangeError(`no EVSE ${id}`);
    return evse;
  }

  /** An event of an EVSE's session. */
  async event(
    id: number,
    event: types.evse_manager.SessionEventEnum,
    more: Partial<types.evse_manager.SessionEvent> = {},
  ): Promise<void> {
    this.auth.sessions.take(this.evse(id), { uuid: 'session', timestamp: '', event, ...more });
    await this.clock.settle();
  }

  async plug(id: number): Promise<void> {
    await this.event(id, 'SessionStarted', { session_started: { reason: 'EVConnected', meter_value: METER } });
  }

  async startTransaction(id: number, token: ProvidedIdToken = card('TAG')): Promise<void> {
    await this.event(id, 'TransactionStarted', { transaction_started: { id_tag: token, meter_value: METER } });
  }

  /** Plug, card, charge. */
  async charge(id: number, token: ProvidedIdToken): Promise<void> {
    await this.plug(id);
    await this.swipe({ ...token, connectors: [id] });
    await this.startTransaction(id, token);
    this.forget();
  }

  async finish(id: number): Promise<void> {
    await this.event(id, 'TransactionFinished');
    await this.event(id, 'SessionFinished');
  }

  forget(): void {
    for (const list of [this.told, this.statuses, this.tokens, this.stops, this.asked, this.reservationUpdates])
      list.length = 0;
  }

  #addEvse(id: number, type: types.evse_manager.ConnectorTypeEnum): void {
    const tell = (what: string): void => void this.told.push(`${id} ${what}`);
    this.auth.addEvse(
      { id, connectors: [{ id: 1, type }] },
      {
        authorize: async (_, result) => {
          tell(`authorize ${result.authorization_status}`);
          this.results.push(result);
        },
        withdraw: async () => tell('withdraw'),
        stop: async (request) => {
          tell(`stop ${request.reason}`);
          this.stops.push(request);
          return true;
        },
        reserve: async (reservationId) => {
          tell(`reserve ${reservationId}`);
          return this.agrees;
        },
        cancelReservation: async () => tell('cancel reservation'),
      },
    );
  }
}
