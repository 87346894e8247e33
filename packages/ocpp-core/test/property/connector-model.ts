/** What can happen to a connector, in the words of the station library's inputs. */
export type ConnectorInput =
  | { readonly kind: 'sessionStarted'; readonly reason: 'EVConnected' | 'Authorized' }
  | { readonly kind: 'transactionStarted' }
  | { readonly kind: 'chargingStarted' }
  | { readonly kind: 'pausedByEv' }
  | { readonly kind: 'pausedByEvse'; readonly reasons: readonly string[] }
  | { readonly kind: 'transactionFinished'; readonly reason: 'EVDisconnected' | 'Local' }
  | { readonly kind: 'sessionFinished' }
  | { readonly kind: 'enabled' }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'reservationStarted' }
  | { readonly kind: 'reservationEnded' }
  | { readonly kind: 'plugInTimeout' }
  | { readonly kind: 'errorRaised'; readonly error: ModelError }
  | { readonly kind: 'errorCleared'; readonly id: string };

export interface ModelError {
  readonly id: string;
  readonly errorCode: 'GroundFailure' | 'HighTemperature' | 'OtherError';
  readonly fault: boolean;
  readonly timestampMs: number;
  readonly info?: string;
}

/** What a StatusNotification says. */
export interface Told {
  readonly status: string;
  readonly errorCode: string;
  readonly info: string | undefined;
}

const STATES = [
  'Available',
  'Preparing',
  'Charging',
  'SuspendedEV',
  'SuspendedEVSE',
  'Finishing',
  'Reserved',
  'Unavailable',
];

/**
 * To which state an event leads from which. The columns are the states in the order above; a dot: nothing happens.
 * @see OCPP 1.6, 4.9 (StatusNotification)
 */
const COLUMNS: Readonly<Record<string, string>> = {
  //                   Av Pr Ch SV SE Fi Re Un
  UsageInitiated: '    Pr .  .  .  .  Pr Pr Pr',
  StartCharging: '     Ch Ch .  Ch Ch .  .  Ch',
  PauseEV: '           SV SV SV .  SV .  .  SV',
  PauseEVSE: '         SE SE SE SE SE .  .  SE',
  TxStopped: '         .  Fi Fi Fi Fi .  .  . ',
  BecomeAvailable: '   .  Av Av Av Av Av Av Av',
  ReserveConnector: '  Re .  .  .  .  .  .  . ',
  ReservationEnd: '    .  .  .  .  .  .  Av . ',
  ToUnavailable: '     Un .  Un Un Un Un Un . ',
};
const SHORT: Readonly<Record<string, string>> = { SV: 'SuspendedEV', SE: 'SuspendedEVSE' };
const nameOf = (short: string): string | undefined => SHORT[short] ?? STATES.find((name) => name.startsWith(short));

/** The table of a connector and the errors that lie over it, written down from the specification. */
export class ConnectorModel {
  readonly #id: number;
  /** ReportSuspendedEVSEReasonChange */
  readonly #withReasons: boolean;
  readonly #errors = new Map<string, ModelError>();
  #state = 'Available';
  #info: string | undefined;

  constructor(id: number, withReasons: boolean) {
    this.#id = id;
    this.#withReasons = withReasons;
  }

  get status(): string {
    return this.#isFaulted ? 'Faulted' : this.#state;
  }

  /** @returns what has to be told */
  happens(input: ConnectorInput): readonly Told[] {
    switch (input.kind) {
      case 'sessionStarted':
        return this.#state === 'Reserved' && input.reason === 'EVConnected'
          ? []
          : this.#event('UsageInitiated', input.reason);
      case 'transactionStarted':
        return this.#state === 'Reserved' ? this.#event('UsageInitiated') : [];
      case 'chargingStarted':
        return this.#event('StartCharging');
      case 'pausedByEv':
        return this.#event('PauseEV');
      case 'pausedByEvse':
        if (!this.#withReasons) return this.#state === 'SuspendedEVSE' ? [] : this.#event('PauseEVSE');
        return this.#event('PauseEVSE', input.reasons.join(','));
      case 'transactionFinished':
        return input.reason === 'EVDisconnected' ? [] : this.#event('TxStopped');
      case 'sessionFinished':
        return ['Reserved', 'Unavailable'].includes(this.#state) ? [] : this.#event('BecomeAvailable');
      case 'enabled':
        return this.#event('BecomeAvailable');
      case 'disabled':
        return this.#event('ToUnavailable');
      case 'reservationStarted':
        return this.#event('ReserveConnector');
      case 'reservationEnded':
        return this.#event('ReservationEnd');
      case 'plugInTimeout':
        return this.#event('TxStopped', 'ConnectionTimeout');
      case 'errorRaised':
        if (this.#errors.has(input.error.id)) return [];
        this.#errors.set(input.error.id, input.error);
        return [this.#tell(input.error)];
      case 'errorCleared':
        return this.#errors.delete(input.id) && !this.#isFaulted ? [this.#tell(this.#newest)] : [];
    }
  }

  /** What is told after a reconnect. */
  get now(): Told {
    return this.#tell(this.#newest);
  }

  /** What is told because the CSMS asked: why the station suspends, too, where reasons are told at all. */
  get triggered(): Told {
    return this.#tell(this.#newest, this.#withReasons && this.#state === 'SuspendedEVSE' ? this.#info : undefined);
  }

  #event(event: string, info?: string): readonly Told[] {
    const short = COLUMNS[event]?.trim().split(/\s+/)[STATES.indexOf(this.#state)] ?? '.';
    const next = nameOf(short);
    if (next === undefined) return [];
    // The station itself is there or not.
    if (this.#id === 0 && !/^(BecomeAvailable|ToUnavailable)$/.test(event)) return [];
    const isSame = next === this.#state && info === this.#info;
    [this.#state, this.#info] = [next, info];
    return isSame || this.#isFaulted ? [] : [this.#tell(this.#newest, info)];
  }

  #tell(error: ModelError | undefined, info?: string): Told {
    return { status: this.status, errorCode: error?.errorCode ?? 'NoError', info: error?.info ?? info };
  }

  get #newest(): ModelError | undefined {
    return [...this.#errors.values()].sort((one, other) => other.timestampMs - one.timestampMs)[0];
  }

  get #isFaulted(): boolean {
    return [...this.#errors.values()].some(({ fault }) => fault);
  }
}
