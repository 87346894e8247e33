import { type Logger, messageOf } from '@chargemesh/base';
import type { TransactionFinished, TransactionStarted } from '../charge-point-types.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { Station } from '../station.ts';
import type { SessionId } from '../transactions/ids.ts';
import type { Transactions } from '../transactions/transactions.ts';
import type { Availability } from './availability.ts';
import type { Connectors } from './connectors.ts';

/** What {@link Sessions} stands on. */
export interface SessionsParts {
  readonly log: Logger;
  readonly configuration: Configuration;
  readonly station: Station;
  readonly connectors: Connectors;
  readonly transactions: Transactions;
  readonly availability: Availability;
}

/** What happens at the EVSEs, turned into states of connectors and steps of transactions: the table of section C.1, row by row. */
export class Sessions {
  readonly #parts: SessionsParts;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
  }

  /** A car that is plugged in does not end a reservation: only whoever may use it does. */
  started(connectorId: number, session: { sessionId: SessionId; reason: 'EVConnected' | 'Authorized' }): void {
    const { connectors, transactions } = this.#parts;
    transactions.endUnheard(connectorId, session.sessionId);
    connectors.session(connectorId, session.sessionId);
    if (connectors.find(connectorId)?.state === 'Reserved' && session.reason === 'EVConnected') return;
    connectors.apply(connectorId, 'usageInitiated', session.reason);
  }

  transactionStarted(connectorId: number, started: TransactionStarted): void {
    const { connectors, transactions, log } = this.#parts;
    const connector = connectors.find(connectorId);
    if (!connector || connectorId === 0) {
      log.error('transaction on an unknown connector', { connectorId });
      return;
    }
    connectors.session(connectorId, started.sessionId);
    if (connector.state === 'Reserved') connectors.apply(connectorId, 'usageInitiated');
    transactions.start(connectorId, started);
  }

  chargingStarted(connectorId: number): void {
    this.#parts.connectors.apply(connectorId, 'startCharging');
  }

  pausedByEv(connectorId: number): void {
    this.#parts.connectors.apply(connectorId, 'pauseEv');
  }

  pausedByEvse(connectorId: number, pause: { info?: string; reasons?: readonly string[] }): void {
    const { connectors, configuration } = this.#parts;
    const withReasons = configuration.get('ReportSuspendedEVSEReasonChange') === true;
    if (!withReasons && connectors.find(connectorId)?.state === 'SuspendedEVSE') return;
    const reasons = withReasons ? pause.reasons?.join(',') : undefined;
    connectors.apply(connectorId, 'pauseEvse', pause.info ?? reasons);
  }

  transactionFinished(connectorId: number, finished: TransactionFinished): void {
    const { connectors, transactions, configuration } = this.#parts;
    transactions.finish(connectorId, finished);
    const unplugged = finished.reason === 'EVDisconnected';
    if (!unplugged) connectors.apply(connectorId, 'transactionStopped');
    if (unplugged && configuration.get('UnlockConnectorOnEVSideDisconnect')) this.#unlock(connectorId);
  }

  /** A change of availability that waited for this comes first, and no Available is told in between (field case libocpp-809). */
  finished(connectorId: number): void {
    const { connectors, availability, transactions } = this.#parts;
    transactions.endUnheard(connectorId);
    connectors.session(connectorId, undefined);
    availability.useEnded(connectorId);
    const state = connectors.find(connectorId)?.state;
    if (state === 'Reserved' || state === 'Unavailable') return;
    const usable = availability.isOperative(connectorId);
    if (!usable && state === 'Preparing') connectors.apply(connectorId, 'transactionStopped');
    connectors.apply(connectorId, usable ? 'becomeAvailable' : 'toUnavailable');
  }

  plugInTimeout(connectorId: number): void {
    this.#parts.connectors.apply(connectorId, 'transactionStopped', 'ConnectionTimeout');
  }

  #unlock(connectorId: number): void {
    const { station, log } = this.#parts;
    station.unlockConnector(connectorId).then(
      (result) => void (result === 'UnlockFailed' && log.warn('the cable could not be released', { connectorId })),
      (thrown: unknown) => log.error('the station failed to unlock', { connectorId, error: messageOf(thrown) }),
    );
  }
}
