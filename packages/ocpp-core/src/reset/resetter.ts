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

/** Carries out a Reset that was accepted: transactions are stopped and told first, as far as the time for it allows. */
export class Resetter {
  readonly #parts: ResetterParts;
  #pending: { type: ResetType; timer: Timer } | undefined;

  constructor(parts: ResetterParts) {
    this.#parts = parts;
  }

  /** Begins; a second Reset takes the place of the first. */
  reset(type: ResetType): void {
    const { clock, log, configuration, station, transactions } = this.#parts;
    this.#pending?.timer.cancel();
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
  }

  #go(): void {
    const { station, log } = this.#parts;
    const pending = this.#pending;
    if (!pending) return;
    this.cancel();
    station.reset(pending.type).catch((thrown: unknown) => {
      log.error('the reset failed', { type: pending.type, error: messageOf(thrown) });
    });
  }
}
