import { type Logger, messageOf } from '@chargemesh/base';
import type { ConnectorError, StatusChange } from '../charge-point-types.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { ConnectorStatus } from '../ocpp-types.ts';
import type { SessionId } from '../transactions/ids.ts';
import { Connector, type StatusReport } from './connector.ts';
import type { ConnectorStore } from './connector-store.ts';
import type { StatusNotifier } from './status-notifier.ts';
import type { ConnectorEvent } from './status-table.ts';

/** What {@link Connectors} stands on. */
export interface ConnectorsParts {
  readonly log: Logger;
  readonly configuration: Configuration;
  readonly store: ConnectorStore;
  readonly notifier: StatusNotifier;
  /** 1 … count, and 0 for the station. */
  readonly count: number;
  readonly changed: (change: StatusChange) => void;
}

/** All connectors of the station, 0 included: feeds them events, reports what follows, remembers their states. */
export class Connectors {
  readonly #parts: ConnectorsParts;
  readonly #connectors: readonly Connector[];
  readonly #sessions = new Map<number, SessionId>();

  constructor(parts: ConnectorsParts) {
    this.#parts = parts;
    this.#connectors = Array.from({ length: parts.count + 1 }, (_, id) => {
      parts.store.ensure(id);
      return new Connector(id, parts.store.read(id).availability === 'Operative' ? 'Available' : 'Unavailable');
    });
  }

  get count(): number {
    return this.#parts.count;
  }

  /** 1 … N. */
  get ids(): readonly number[] {
    return this.#connectors.slice(1).map(({ id }) => id);
  }

  /** A connector, or undefined where there is none with that number. */
  find(connectorId: number): Connector | undefined {
    return this.#connectors[connectorId];
  }

  /** The status that OCPP would tell; Unavailable for a connector that does not exist (C-05). */
  status(connectorId: number): ConnectorStatus {
    return this.find(connectorId)?.status ?? 'Unavailable';
  }

  /** Says which session a connector has, before the event that it brings. */
  session(connectorId: number, sessionId: SessionId | undefined): void {
    if (this.#sessions.get(connectorId) === sessionId || !this.find(connectorId)) return;
    if (sessionId === undefined) this.#sessions.delete(connectorId);
    else this.#sessions.set(connectorId, sessionId);
    this.#remember(connectorId);
  }

  /** Lets an event happen at a connector. One for an unknown connector is logged. */
  apply(connectorId: number, event: ConnectorEvent, info?: string): void {
    const connector = this.find(connectorId);
    if (!connector) {
      this.#parts.log.warn('event for an unknown connector', { connectorId, event });
      return;
    }
    const before = connector.state;
    const report = connector.apply(event, info);
    if (connectorId > 0 && connector.state !== before) this.#remember(connectorId);
    if (report) this.#report(connectorId, report);
  }

  errorRaised(connectorId: number, error: ConnectorError): void {
    const report = this.find(connectorId)?.raise(error);
    if (report) this.#report(connectorId, report);
  }

  errorCleared(connectorId: number, id: string): void {
    const reportCleared = this.#parts.configuration.get('ReportClearedErrors') === true;
    const report = this.find(connectorId)?.clear(id, reportCleared);
    if (report) this.#report(connectorId, report);
  }

  /** Tells the state of all connectors, after registration and after a reconnect (C-14). */
  reportAll(): void {
    for (const connector of this.#connectors) this.#parts.notifier.report(connector.id, connector.current());
  }

  /** Tells the state of one connector, or of all, because the CSMS asked. */
  reportTriggered(connectorId: number | undefined): void {
    const withReason = this.#parts.configuration.get('ReportSuspendedEVSEReasonChange') === true;
    for (const connector of this.#connectors)
      if (connectorId === undefined || connector.id === connectorId)
        this.#parts.notifier.triggered(connector.id, connector.current(withReason));
  }

  /**
   * Gives connectors whose session goes on the state that they had.
   * @param goesOn whether a session of the previous run does
   */
  restore(goesOn: (sessionId: SessionId) => boolean): void {
    for (const id of this.ids) {
      const { state, sessionId } = this.#parts.store.read(id);
      if (state === undefined || sessionId === undefined || !goesOn(sessionId)) continue;
      this.#sessions.set(id, sessionId);
      this.find(id)?.restore(state);
    }
  }

  /** Writes down what a session that outlives this process needs. */
  #remember(connectorId: number): void {
    const state = this.find(connectorId)?.state;
    if (!state) return;
    try {
      this.#parts.store.state(connectorId, state, this.#sessions.get(connectorId));
    } catch (thrown) {
      // The status is told all the same; only a restart would not know it.
      this.#parts.log.error('a state could not be written down', { connectorId, error: messageOf(thrown) });
    }
  }

  #report(connectorId: number, report: StatusReport): void {
    const { status, errorCode, info } = report;
    this.#parts.changed({ connectorId, status, errorCode, ...(info === undefined ? {} : { info }) });
    this.#parts.notifier.report(connectorId, report);
  }
}
