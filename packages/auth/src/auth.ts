import type { Clock, Logger } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { type AuthConfig, AuthSettings } from './auth-settings.ts';
import { Authorizations } from './authorizations.ts';
import { Evse } from './evse.ts';
import { EvseChooser } from './evse-chooser.ts';
import { Evses } from './evses.ts';
import { PlugInQueue } from './plug-in-queue.ts';
import type { PublishStatus, Validator } from './ports.ts';
import { ReservationBook } from './reservations/reservation-book.ts';
import { ReservationService, type ReservationServiceOptions } from './reservations/reservation-service.ts';
import { SessionEvents } from './session-events.ts';
import { TokenHandler } from './token-handler.ts';
import { withdrawAuthorization } from './withdrawal.ts';

/** What authorization needs of its surroundings. */
export interface AuthOptions {
  readonly moduleId: string;
  readonly config: AuthConfig;
  readonly clock: Clock;
  readonly log: Logger;
  readonly validators: readonly Validator[];
  readonly publishStatus: PublishStatus;
  readonly publishReservation: ReservationServiceOptions['publish'];
  readonly reservationsChanged: ReservationServiceOptions['changed'];
  /** Hears of each change that a restart should not forget. */
  readonly changed: () => void;
}

/** Who may charge where: tokens, sessions and reservations of a station, without the bus. */
export class Auth {
  readonly settings: AuthSettings;
  readonly evses: Evses = new Evses();
  readonly queue: PlugInQueue = new PlugInQueue();
  readonly reservations: ReservationService;
  readonly sessions: SessionEvents;
  readonly authorizations: Authorizations;
  readonly #tokens: TokenHandler;
  readonly #options: AuthOptions;

  /** @throws ChargemeshError `SELECTION_ALGORITHM` */
  constructor(options: AuthOptions) {
    const { clock, log, publishStatus, changed, validators } = options;
    const { evses, queue } = this;
    const settings = new AuthSettings(options.moduleId, options.config);
    const removed = (): void => reservations.retell();
    const authorizations = new Authorizations({ clock, log, settings, queue, publishStatus, changed, removed });
    const reservations: ReservationService = new ReservationService({
      book: new ReservationBook(evses),
      evses,
      clock,
      log,
      publish: options.publishReservation,
      changed: options.reservationsChanged,
    });
    this.settings = settings;
    this.authorizations = authorizations;
    this.reservations = reservations;
    this.sessions = new SessionEvents({ evses, settings, queue, authorizations, reservations, changed });
    const chooser = new EvseChooser(clock, settings, queue);
    this.#tokens = new TokenHandler({
      evses,
      settings,
      queue,
      chooser,
      authorizations,
      reservations,
      validators,
      publishStatus,
      log,
    });
    this.#options = options;
  }

  addEvse(evse: types.evse_manager.Evse, port: Evse['port']): Evse {
    const added = new Evse(evse.id, evse.connectors, port);
    this.evses.add(added);
    return added;
  }

  /** Deals with a token that was presented. Never throws. */
  async take(token: types.authorization.ProvidedIdToken): Promise<void> {
    await this.#tokens.handle(token);
  }

  async withdraw(
    request: types.authorization.WithdrawAuthorizationRequest,
  ): Promise<types.authorization.WithdrawAuthorizationResult> {
    const { evses, authorizations } = this;
    const { publishStatus, log } = this.#options;
    const { processes } = this.#tokens;
    return await withdrawAuthorization(request, { evses, authorizations, processes, publishStatus, log });
  }

  /** A validator thinks anew about the authorization in place at an EVSE. */
  updateValidation(evseId: number, result: types.authorization.ValidationResult): void {
    const evse = this.evses.find(evseId);
    if (!evse?.identifier) return;
    evse.identifier = { token: evse.identifier.token, result };
    this.#options.changed();
    if (result.authorization_status === 'Accepted')
      this.#options.publishStatus(evse.identifier.token, 'Accepted', result.tariff_messages);
  }

  stop(): void {
    this.reservations.stop();
    for (const evse of this.evses.all) evse.stopTimer();
  }
}
