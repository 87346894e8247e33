import { type Logger, messageOf } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { AuthSettings } from './auth-settings.ts';
import type { Authorizations } from './authorizations.ts';
import type { Evse } from './evse.ts';
import type { EvseChooser } from './evse-chooser.ts';
import type { Evses } from './evses.ts';
import { sameId, sameToken } from './id-token.ts';
import type { PlugInQueue } from './plug-in-queue.ts';
import type { PublishStatus, Validator } from './ports.ts';
import type { ReservationService } from './reservations/reservation-service.ts';
import { TokenProcess } from './token-process.ts';

type ProvidedIdToken = types.authorization.ProvidedIdToken;
type ValidationResult = types.authorization.ValidationResult;

/** What became of a token; `silent` where it has been said already, or there is nothing to say. */
type Outcome =
  | 'used to start'
  | 'used to stop'
  | 'used to reauthorize'
  | 'no connector'
  | 'rejected'
  | 'timed out'
  | 'withdrawn'
  | 'silent';

const STATUS: Readonly<Record<Exclude<Outcome, 'silent'>, types.authorization.TokenValidationStatus>> = {
  'used to start': 'UsedToStart',
  'used to stop': 'UsedToStop',
  'used to reauthorize': 'UsedToReauthorize',
  'no connector': 'Rejected',
  rejected: 'Rejected',
  'timed out': 'TimedOut',
  withdrawn: 'Withdrawn',
};

/** What the handler needs. */
export interface TokenHandlerOptions {
  readonly evses: Evses;
  readonly settings: AuthSettings;
  readonly queue: PlugInQueue;
  readonly chooser: EvseChooser;
  readonly authorizations: Authorizations;
  readonly reservations: ReservationService;
  /** In the order in which they are asked. */
  readonly validators: readonly Validator[];
  readonly publishStatus: PublishStatus;
  readonly log: Logger;
}

/**
 * Brings a token to an EVSE: to start a transaction there, or to stop one.
 *
 * Every decision is taken and noted without awaiting anything in between, and after each wait (a validator, a plug, an EVSE) the
 * state is looked at anew. So tokens and events may come at any time, and no lock is held while others are asked.
 */
export class TokenHandler {
  readonly #options: TokenHandlerOptions;
  readonly #processes = new Set<TokenProcess>();

  constructor(options: TokenHandlerOptions) {
    this.#options = options;
  }

  /** The tokens that are being dealt with. */
  get processes(): ReadonlySet<TokenProcess> {
    return this.#processes;
  }

  /** Deals with a token from its reader to its end. Never throws. */
  async handle(token: ProvidedIdToken): Promise<void> {
    const { evses, publishStatus, log } = this.#options;
    const process = new TokenProcess(token, evses.referenced(token));
    if (this.#isInProcess(process)) {
      log.info('the token is being dealt with already', { type: token.id_token.type });
      return;
    }
    this.#processes.add(process);
    publishStatus(token, 'Processing');
    let outcome: Outcome;
    try {
      outcome = await this.#process(process);
    } catch (thrown) {
      log.error('the token could not be dealt with', { error: messageOf(thrown) });
      outcome = 'rejected';
    }
    this.#processes.delete(process);
    if (outcome !== 'silent') publishStatus(process.token, STATUS[outcome]);
    process.finish();
  }

  #isInProcess({ token, referenced }: TokenProcess): boolean {
    const placed = referenced.some(
      (evse) =>
        evse.identifier &&
        !evse.transactionActive &&
        sameId(evse.identifier.token.id_token.value, token.id_token.value),
    );
    return placed || [...this.#processes].some((other) => sameToken(other.token, token));
  }

  async #process(process: TokenProcess): Promise<Outcome> {
    const { evses, settings } = this.#options;
    const stopped = await this.#stopByCard(process);
    if (stopped) return stopped;
    if (this.#isHopeless(process)) return 'no connector';
    const results = await this.#validate(process.token);
    if (process.withdrawn) return 'withdrawn';
    const referenced = evses.referenced(process.token);
    if (!settings.prioritizeAuthorization || !referenced.some((evse) => evse.available)) {
      const stoppedByGroup = await this.#stopByGroup(process, referenced, results);
      if (stoppedByGroup) return stoppedByGroup;
    }
    if (!evses.referenced(process.token).some((evse) => evse.available)) return 'no connector';
    return await this.#start(process, results);
  }

  /** A card that is presented again ends what it, or its group's identifier, began. */
  async #stopByCard(process: TokenProcess): Promise<Outcome | undefined> {
    const { token } = process;
    if (token.authorization_type !== 'RFID') return undefined;
    const { value } = token.id_token;
    const evse = process.referenced.find(
      ({ identifier, transactionActive, parentId }) =>
        transactionActive && (sameId(identifier?.token.id_token.value, value) || sameId(parentId, value)),
    );
    return evse && (await this.#stopLocally(process, evse));
  }

  /** A card of the master group ends everything, one of the same group what another card of it began. */
  async #stopByGroup(
    process: TokenProcess,
    referenced: readonly Evse[],
    results: readonly ValidationResult[],
  ): Promise<Outcome | undefined> {
    // A remote start never stops anything: it asks for a transaction of its own.
    if (process.token.authorization_type === 'OCPP') return undefined;
    for (const result of results.filter(isAccepted)) {
      const parentId = result.parent_id_token?.value;
      if (parentId === undefined) continue;
      if (sameId(parentId, this.#options.settings.masterPassGroupId)) return await this.#stopAll(process, referenced);
      const evse = referenced.find((candidate) => sameId(candidate.parentId, parentId));
      // The group's authorization still awaits its car: a second one it does not get there.
      if (evse) return evse.transactionActive ? await this.#stopLocally(process, evse) : 'rejected';
    }
    return undefined;
  }

  async #stopLocally(process: TokenProcess, evse: Evse): Promise<Outcome> {
    process.token = { ...process.token, connectors: [evse.id] };
    if (!this.#options.settings.stopOnReswipe) return 'used to reauthorize';
    await evse.port.stop({ reason: 'Local', id_tag: process.token });
    return 'used to stop';
  }

  async #stopAll(process: TokenProcess, referenced: readonly Evse[]): Promise<Outcome> {
    const running = referenced.filter((evse) => evse.transactionActive);
    await Promise.all(
      running.map(async (evse) => {
        try {
          await evse.port.stop({ reason: 'MasterPass', id_tag: process.token });
        } catch (thrown) {
          this.#options.log.error('the transaction could not be stopped', { evse: evse.id, error: messageOf(thrown) });
        }
      }),
    );
    return 'used to stop';
  }

  /** Whether it is clear, before anybody is asked, that the token leads nowhere. */
  #isHopeless({ token, referenced }: TokenProcess): boolean {
    const { settings, reservations } = this.#options;
    const open = referenced.filter((evse) => evse.available);
    if (open.length === 0)
      return settings.masterPassGroupId === undefined && referenced.every((evse) => evse.parentId === undefined);
    // Whether its group is one that could stop something is not known before somebody is asked.
    const mayStop = referenced.some(
      ({ transactionActive, parentId }) =>
        transactionActive && (settings.masterPassGroupId !== undefined || parentId !== undefined),
    );
    if (mayStop || reservations.book.anyHasGroup) return false;
    return open.every((evse) => !this.#suits(evse, token, token.parent_id_token?.value));
  }

  /** Whether no reservation keeps a token out of an EVSE. */
  #suits(evse: Evse, token: ProvidedIdToken, parentId: string | undefined): boolean {
    const { book } = this.#options.reservations;
    return book.isChargingPossible(evse) || book.match({ id: token.id_token.value, parentId }, evse.id) !== undefined;
  }

  async #validate(token: ProvidedIdToken): Promise<ValidationResult[]> {
    if (token.prevalidated) {
      const parent = token.parent_id_token;
      return [{ authorization_status: 'Accepted', tariff_messages: [], ...(parent && { parent_id_token: parent }) }];
    }
    const results: ValidationResult[] = [];
    for (const validate of this.#options.validators) {
      try {
        results.push(await validate(token));
      } catch (thrown) {
        this.#options.log.warn('a validator gave no answer', { error: messageOf(thrown) });
        results.push({ authorization_status: 'Unknown', tariff_messages: [] });
      }
    }
    return results;
  }

  async #start(process: TokenProcess, results: readonly ValidationResult[]): Promise<Outcome> {
    const { evses, settings, publishStatus } = this.#options;
    const told = new Set<Evse>();
    let last = results.at(-1);
    for (const result of results.filter(isAccepted)) {
      if (process.withdrawn) return 'withdrawn';
      const parentId = result.parent_id_token?.value;
      if (sameId(parentId, settings.masterPassGroupId)) return 'rejected';
      publishStatus(process.token, 'Accepted', result.tariff_messages);
      const evse = await this.#choose(process, result);
      if (evse === 'timed out' || evse === 'withdrawn') return evse;
      const verdict = this.#judge(evse, process.token, result);
      if (verdict.authorization_status === 'Accepted') return await this.#place(evse, process, verdict);
      evse.claimed = false;
      this.#options.queue.wake();
      told.add(evse);
      last = verdict;
      await this.#tell(evse, process.token, verdict);
    }
    if (!last || isAccepted(last)) return 'rejected';
    // An EVSE that waits for this very token, as Plug & Charge does, has to hear that it was in vain.
    for (const id of process.token.connectors ?? []) {
      const evse = evses.find(id);
      if (evse && !told.has(evse)) await this.#tell(evse, process.token, last);
    }
    return 'rejected';
  }

  async #choose(process: TokenProcess, result: ValidationResult): Promise<Evse | 'timed out' | 'withdrawn'> {
    const free = this.#options.evses.referenced(process.token).filter((evse) => !evse.identifier);
    const allowed = free.filter((evse) => result.evse_ids?.includes(evse.id) ?? true);
    const candidates = allowed.some((evse) => evse.available) ? allowed : free;
    const suits = (evse: Evse): boolean => this.#suits(evse, process.token, result.parent_id_token?.value);
    return await this.#options.chooser.choose(process, candidates, suits);
  }

  /** The last checks at the chosen EVSE; a reservation that matches is used up by them. */
  #judge(evse: Evse, token: ProvidedIdToken, result: ValidationResult): ValidationResult {
    const { reservations } = this.#options;
    if (result.evse_ids && !result.evse_ids.includes(evse.id))
      return { ...result, authorization_status: 'NotAtThisLocation' };
    const claimant = { id: token.id_token.value, parentId: result.parent_id_token?.value };
    const reservation = reservations.book.match(claimant, evse.id);
    if (reservation) {
      reservations.consume(reservation, evse);
      return { ...result, reservation_id: reservation.reservation_id };
    }
    return reservations.book.isChargingPossible(evse) ? result : { ...result, authorization_status: 'NotAtThisTime' };
  }

  async #place(evse: Evse, process: TokenProcess, result: ValidationResult): Promise<Outcome> {
    const { authorizations, log } = this.#options;
    const identifier = { token: process.token, result };
    authorizations.place(evse, identifier);
    evse.claimed = false;
    try {
      await authorizations.send(evse, identifier);
    } catch (thrown) {
      log.error('the EVSE could not be told of its authorization', { evse: evse.id, error: messageOf(thrown) });
      if (evse.identifier === identifier) authorizations.remove(evse);
      evse.doubtful = identifier;
      return 'rejected';
    }
    return authorizations.wasTakenBack(identifier) ? 'silent' : 'used to start';
  }

  async #tell(evse: Evse, token: ProvidedIdToken, result: ValidationResult): Promise<void> {
    try {
      await evse.port.authorize(token, result);
    } catch (thrown) {
      this.#options.log.warn('the EVSE could not be told of a refusal', { evse: evse.id, error: messageOf(thrown) });
    }
  }
}

const isAccepted = (result: ValidationResult): boolean => result.authorization_status === 'Accepted';
