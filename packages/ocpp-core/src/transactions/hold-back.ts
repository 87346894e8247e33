import { type Logger, messageOf } from '@chargemesh/base';
import { sameIdTag } from '../authorization/id-tag.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { Station } from '../station.ts';
import type { LedgerEntry } from './ledger.ts';
import type { Transactions } from './transactions.ts';

/** What {@link HoldBack} stands on. */
export interface HoldBackParts {
  readonly log: Logger;
  readonly configuration: Configuration;
  readonly station: Station;
  readonly transactions: Transactions;
  /** The meter's import register as read last. */
  readonly totalWh: (connectorId: number) => number | undefined;
}

/**
 * What is done with a running transaction whose token the CSMS does not accept: stop it, let it have MaxEnergyOnInvalidId more, or pause it.
 * What was paused here is resumed here when the token is accepted later; what others paused is left alone (D23).
 * @see OCPP 1.6, 4.8 and 9.1.16 (MaxEnergyOnInvalidId)
 */
export class HoldBack {
  readonly #parts: HoldBackParts;

  constructor(parts: HoldBackParts) {
    this.#parts = parts;
  }

  /** The answer to StartTransaction does not accept the token. */
  notAccepted(entry: LedgerEntry): void {
    const { configuration, station, transactions, totalWh } = this.#parts;
    const { connectorId } = entry;
    if (configuration.get('StopTransactionOnInvalidId')) {
      this.#ask('stop', connectorId, station.stopTransaction(connectorId, { reason: 'DeAuthorized' }));
      return;
    }
    const allowanceWh = configuration.get('MaxEnergyOnInvalidId') ?? 0;
    if (allowanceWh <= 0) {
      this.#pause(connectorId);
      return;
    }
    transactions.hold(connectorId, 'limited', Math.round((totalWh(connectorId) ?? entry.meterLastWh) + allowanceWh));
  }

  /** The meter of a running transaction has moved. */
  energy(connectorId: number, totalWh: number): void {
    const entry = this.#parts.transactions.on(connectorId);
    if (entry?.hold === 'limited' && entry.holdLimitWh !== undefined && totalWh >= entry.holdLimitWh)
      this.#pause(connectorId);
  }

  /** The CSMS accepts a token (again). */
  accepted(idTag: string): void {
    const { transactions, station } = this.#parts;
    for (const { connectorId, hold, idTag: held } of transactions.running()) {
      if (hold === 'none' || !sameIdTag(held, idTag)) continue;
      transactions.hold(connectorId, 'none');
      if (hold === 'paused') this.#ask('resume', connectorId, station.resumeCharging(connectorId));
    }
  }

  /** A transaction goes on after a restart: so does its pause. */
  resumed(): void {
    for (const { connectorId, hold } of this.#parts.transactions.running())
      if (hold === 'paused') this.#pause(connectorId);
  }

  #pause(connectorId: number): void {
    this.#parts.transactions.hold(connectorId, 'paused');
    this.#ask('pause', connectorId, this.#parts.station.pauseCharging(connectorId));
  }

  #ask(what: string, connectorId: number, asked: Promise<boolean>): void {
    const { log } = this.#parts;
    asked.then(
      (done) => void (done || log.warn('the station refused', { what, connectorId })),
      (thrown: unknown) => log.error('the station failed', { what, connectorId, error: messageOf(thrown) }),
    );
  }
}
