import { type Clock, type Logger, messageOf, type Timer } from '@chargemesh/base';
import type { Configuration } from '../configuration/configuration.ts';
import type { Connectors } from '../connectors/connectors.ts';
import type { ResetType } from '../ocpp-types.ts';
import type { Station } from '../station.ts';
import type { Ledger } from '../transactions/ledger.ts';
import type { Transactions } from '../transactions/transactions.ts';

/** What {@link Resetter} stands on. */
export interface ResetterParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly configuration: Configuration;
  readonly station: Station;
  readonly connectors: Connectors;
  readonly transactions: Transactions;
  readonly ledger: Ledger;
  readonly online: () => boolean;
}

/** The wait before a reset that failed is tried again. */
const RETRY_AFTER_MS = 10_000;

/**
 * Carries out a Reset that was accepted: transactions are stopped and told first, as far as the time for it allows. One that the
 * station could not do is tried ResetRetries times more.
 */
export class Resetter {
  readonly #parts: ResetterParts;
  #pending: { type: ResetType; timer: Timer } | undefined;
  #retry: Timer | undefined;

  constructor(parts: ResetterParts) {
    this.#parts = parts;
  }

  /** Begins; a second Reset takes the place of the first. */
  reset(type: ResetType): void {
    const { clock, log, configuration, station, transactions } = this.#parts;
    this.cancel();
    const limitS = configuration.get('WaitForStopTransactionsOnResetTimeout') ?? 60;
    const timer = clock.setTimer(limitS * 1000, () => {
      log.warn('transactions did not end in time for the reset', { limitS });
      this.#go();
    });
    this.#pending = { type, timer };
    for (const { connectorId } of transactions.running())
      station.stopTransaction(connectorId, { reason: type === 'Hard' ? 'HardReset' : 'SoftReset' }).catch((thrown) => {
        log.error('the station could not stop a transaction', { connectorId, error: messageOf(thrown) });
      });
    this.check();
  }

  /** Something has ended: is it time now? */
  check(): void {
    const { connectors, transactions, ledger, online } = this.#parts;
    if (!this.#pending || transactions.running().length > 0) return;
    if (connectors.ids.some((id) => connectors.find(id)?.state === 'Charging')) return;
    if (online() && ledger.queuedStops() > 0) return;
    this.#go();
  }

  cancel(): void {
    this.#pending?.timer.cancel();
    this.#pending = undefined;
    this.#retry?.cancel();
  }

  #go(): void {
    const pending = this.#pending;
    if (!pending) return;
    this.cancel();
    this.#attempt(pending.type, this.#parts.configuration.get('ResetRetries'));
  }

  #attempt(type: ResetType, retries: number): void {
    const { station, log, clock } = this.#parts;
    station.reset(type).catch((thrown: unknown) => {
      log.error('the reset failed', { type, retries, error: messageOf(thrown) });
      if (retries > 0) this.#retry = clock.setTimer(RETRY_AFTER_MS, () => this.#attempt(type, retries - 1));
    });
  }
}
