import { type Logger, messageOf } from '@chargemesh/base';
import type { AvailabilityType } from '../ocpp-types.ts';
import type { Station } from '../station.ts';
import type { ConnectorStore } from './connector-store.ts';
import type { Connectors } from './connectors.ts';

/** What {@link Availability} stands on. */
export interface AvailabilityParts {
  readonly log: Logger;
  readonly station: Station;
  readonly store: ConnectorStore;
  readonly connectors: Connectors;
  /** Whether a transaction runs on a connector. */
  readonly hasTransaction: (connectorId: number) => boolean;
}

/** A decided change, to be carried out once its answer is on the wire. */
export interface AvailabilityDecision {
  readonly status: 'Accepted' | 'Rejected' | 'Scheduled';
  readonly execute: () => void;
}

/**
 * Which connectors may be used. A change for a connector that is in use waits for the end of that use (A-20, C-130); it is on disk before
 * it is answered, so that a power cut does not lose it.
 * @see OCPP 1.6, 5.2
 */
export class Availability {
  readonly #parts: AvailabilityParts;
  readonly #scheduled = new Map<number, AvailabilityType>();
  /** Closed for an installation: whatever is decided meanwhile counts when it is over. Not kept over a restart. */
  #closed = false;

  constructor(parts: AvailabilityParts) {
    this.#parts = parts;
  }

  /**
   * Tells the station what was kept from the last run (C-04).
   * @param inUse whether a transaction of the last run goes on: a connector that is to be inoperative waits for its end
   */
  restore(inUse: (connectorId: number) => boolean): void {
    for (const id of this.#parts.connectors.ids) {
      const { availability } = this.#parts.store.read(id);
      if (availability === 'Inoperative' && inUse(id)) this.#scheduled.set(id, availability);
      else this.#tellStation(id, availability);
    }
  }

  /** What carries out the availability of a connector is back, and may not know what it was told. What waits for the end of a use waits on. */
  tellAgain(connectorId: number): void {
    if (!this.#scheduled.has(connectorId))
      this.#tellStation(connectorId, this.#parts.store.read(connectorId).availability);
  }

  /** Decides on a change of one connector, or of all (0). */
  decide(connectorId: number, type: AvailabilityType): AvailabilityDecision {
    const { connectors, store } = this.#parts;
    if (!connectors.find(connectorId)) return { status: 'Rejected', execute: () => {} };
    const affected = connectorId === 0 ? connectors.ids : [connectorId];
    const busy = affected.filter((id) => this.#isBusy(id));
    const free = affected.filter((id) => !busy.includes(id));
    for (const id of connectorId === 0 ? [0, ...affected] : affected) store.availability(id, type);
    for (const id of busy) this.#scheduled.set(id, type);
    for (const id of free) this.#scheduled.delete(id);
    return {
      status: busy.length > 0 ? 'Scheduled' : 'Accepted',
      execute: () => {
        if (connectorId === 0) connectors.apply(0, type === 'Operative' ? 'becomeAvailable' : 'toUnavailable');
        for (const id of free) this.#tellStation(id, type);
      },
    };
  }

  /** The CSMS has heard of the end of a transaction: carries out what waited for it, unless the next use has begun meanwhile. */
  transactionClosed(connectorId: number): void {
    if (!this.#isBusy(connectorId)) this.useEnded(connectorId);
  }

  /** The use of a connector has ended: carries out what waited for it. */
  useEnded(connectorId: number): void {
    const type = this.#scheduled.get(connectorId) ?? (this.#closed ? 'Inoperative' : undefined);
    if (type === undefined || this.#parts.hasTransaction(connectorId)) return;
    this.#scheduled.delete(connectorId);
    this.#tellStation(connectorId, type);
  }

  /** Closes all connectors, those in use when their use ends, until they are reopened. What the CSMS has decided is not touched by it. */
  close(): void {
    this.#closed = true;
    for (const id of this.#parts.connectors.ids) if (!this.#isBusy(id)) this.#tellStation(id, 'Inoperative');
  }

  /** Ends what {@link close} has begun: each connector is as the CSMS wants it. */
  reopen(): void {
    if (!this.#closed) return;
    this.#closed = false;
    for (const id of this.#parts.connectors.ids) if (!this.#isBusy(id)) this.tellAgain(id);
  }

  /** Whether any connector is in use. */
  get isAnyBusy(): boolean {
    return this.#parts.connectors.ids.some((id) => this.#isBusy(id));
  }

  /** Whether a connector is meant to be usable, as told last. */
  isOperative(connectorId: number): boolean {
    return this.#parts.store.read(connectorId).availability === 'Operative';
  }

  /** Preparing counts as in use: from there no way leads to Unavailable (C-01). */
  #isBusy(connectorId: number): boolean {
    const { hasTransaction, connectors } = this.#parts;
    return hasTransaction(connectorId) || connectors.find(connectorId)?.state === 'Preparing';
  }

  #tellStation(connectorId: number, type: AvailabilityType): void {
    const { station, log } = this.#parts;
    const operative = type === 'Operative' && !this.#closed;
    station.setAvailability(connectorId, operative).catch((thrown: unknown) => {
      log.error('the station could not change the availability', { connectorId, type, error: messageOf(thrown) });
    });
  }
}
