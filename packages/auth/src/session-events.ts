import type { types } from '@chargemesh/contracts';
import type { AuthSettings } from './auth-settings.ts';
import type { Authorizations } from './authorizations.ts';
import type { Evse } from './evse.ts';
import type { Evses } from './evses.ts';
import type { PlugInQueue } from './plug-in-queue.ts';
import type { ReservationService } from './reservations/reservation-service.ts';

type SessionEvent = types.evse_manager.SessionEvent;

/** What following sessions needs. */
export interface SessionEventsOptions {
  readonly evses: Evses;
  readonly settings: AuthSettings;
  readonly queue: PlugInQueue;
  readonly authorizations: Authorizations;
  readonly reservations: ReservationService;
  /** Hears when something was noted that a restart should not forget. */
  readonly changed: () => void;
}

/** Follows what happens at the EVSEs. */
export class SessionEvents {
  readonly #options: SessionEventsOptions;

  constructor(options: SessionEventsOptions) {
    this.#options = options;
  }

  /** Takes an event of an EVSE's session. */
  take(evse: Evse, event: SessionEvent): void {
    switch (event.event) {
      case 'SessionStarted':
        if (event.session_started?.reason === 'EVConnected') this.#onPlugged(evse);
        break;
      case 'TransactionStarted':
        this.#onTransactionStarted(evse, event);
        break;
      case 'TransactionFinished':
        this.#onTransactionFinished(evse);
        break;
      case 'SessionFinished':
        this.#onSessionFinished(evse, event);
        break;
      case 'Enabled':
      case 'Disabled':
        this.#onEnabled(evse, event);
        break;
      case 'Deauthorized':
        // In a transaction the word came too late: its card still has to stop it.
        if (!evse.transactionActive) this.#options.authorizations.ended(evse);
        break;
      case 'ReservationEnd':
        this.#options.reservations.ended(evse);
        break;
      case 'Authorized':
        // It must not stay authorized for ever where no car comes.
        if (evse.doubtful && !evse.identifier) this.#options.authorizations.place(evse, evse.doubtful);
        break;
      case 'AuthRequired':
      case 'PrepareCharging':
      case 'ChargingStarted':
      case 'ChargingPausedEV':
      case 'ChargingPausedEVSE':
      case 'StoppingCharging':
      case 'ChargingFinished':
      case 'ReservationStart':
      case 'PluginTimeout':
      case 'SwitchingPhases':
      case 'SessionResumed':
        break;
    }
  }

  /** The EVSE can no longer, or again, be used at all. */
  takeFault(evse: Evse, faulted: boolean): void {
    if (this.#options.settings.ignoreConnectorFaults) return;
    evse.note(faulted ? 'fault raised' : 'fault cleared');
    this.#afterConnectorChange();
  }

  #onPlugged(evse: Evse): void {
    const { evses, settings, queue, authorizations } = this.#options;
    // A new session while the old one is on the books: its end was missed.
    if (evse.transactionActive || evse.occupied) this.#onSessionFinished(evse, {});
    evse.pluggedIn = true;
    if (!evse.identifier) {
      if (evses.all.length > 1 && settings.plugInTimeoutEnabled) authorizations.awaitToken(evse);
      queue.add(evse.id);
    }
    this.#options.changed();
  }

  #onTransactionStarted(evse: Evse, { connector_id, transaction_started }: SessionEvent): void {
    evse.pluggedIn = true;
    evse.transactionActive = true;
    evse.stopTimer();
    this.#options.queue.remove(evse.id);
    // A transaction that we did not authorize (free charging, or one that outlived us) is stopped by its own card all the same.
    if (!evse.identifier && transaction_started)
      evse.identifier = {
        token: transaction_started.id_tag,
        result: {
          authorization_status: 'Accepted',
          tariff_messages: [],
          ...(transaction_started.id_tag.parent_id_token && {
            parent_id_token: transaction_started.id_tag.parent_id_token,
          }),
        },
      };
    evse.note('transaction started', connector_id);
    this.#afterConnectorChange();
  }

  #onTransactionFinished(evse: Evse): void {
    evse.transactionActive = false;
    this.#options.authorizations.ended(evse);
    this.#options.changed();
  }

  #onSessionFinished(evse: Evse, { connector_id }: Pick<SessionEvent, 'connector_id'>): void {
    evse.pluggedIn = false;
    evse.transactionActive = false;
    evse.replugNeeded = false;
    evse.doubtful = undefined;
    this.#options.queue.remove(evse.id);
    this.#options.authorizations.ended(evse);
    evse.note('session finished', connector_id);
    this.#afterConnectorChange();
  }

  #onEnabled(evse: Evse, { event, connector_id }: SessionEvent): void {
    evse.note(event === 'Enabled' ? 'enabled' : 'disabled', connector_id);
    if (event === 'Disabled' && !evse.usable) void this.#options.authorizations.letGo(evse);
    this.#afterConnectorChange();
  }

  #afterConnectorChange(): void {
    this.#options.reservations.recheck();
    this.#options.queue.wake();
    this.#options.changed();
  }
}
