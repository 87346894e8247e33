import { ChargemeshError, type Clock } from '@chargemesh/base';
import type { MeshError } from '@chargemesh/framework';

/** By then a car that ignores the end of the offer has been cut off. */
const RELAY_MUST_OPEN_WITHIN_MS = 25_000;
/** The only connector of an EVSE. */
const CONNECTOR_ID = 1;

export interface ConnectorUnlockPorts {
  readonly clock: Clock;
  readonly hasLock: boolean;
  /** Ends a running transaction. */
  stopTransaction(): void;
  /** Unlocks. @returns false while the relay is closed @throws what the lock's driver throws */
  unlock(): Promise<boolean>;
  activeErrors(): readonly MeshError[];
}

/** Lets a customer have the cable back, at the operator's word. */
export class ConnectorUnlock {
  readonly #ports: ConnectorUnlockPorts;
  readonly #waiting = new Set<() => void>();

  constructor(ports: ConnectorUnlockPorts) {
    this.#ports = ports;
  }

  /**
   * Unlocks the connector, after ending a transaction that runs.
   * @returns false, doing nothing, where there is no lock or no such connector
   * @throws ChargemeshError `UNLOCK_FAILED` where the relay does not open or the lock reports a fault; what the lock's driver throws
   */
  async force(connectorId: number): Promise<boolean> {
    const { hasLock, stopTransaction, unlock, activeErrors } = this.#ports;
    if (!hasLock || connectorId !== CONNECTOR_ID) return false;
    stopTransaction();
    while (!(await unlock())) await this.#nextOpening();
    const fault = activeErrors().find(({ type }) => type.startsWith('connector_lock/'));
    if (fault) throw new ChargemeshError('UNLOCK_FAILED', `the connector lock reports ${fault.type}: ${fault.message}`);
    return true;
  }

  /** The relay has opened. */
  relayOpened(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  async #nextOpening(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = this.#ports.clock.setTimer(RELAY_MUST_OPEN_WITHIN_MS, () =>
      reject(new ChargemeshError('UNLOCK_FAILED', 'the relay does not open, so the connector stays locked')),
    );
    this.#waiting.add(resolve);
    try {
      await promise;
    } finally {
      timer.cancel();
      this.#waiting.delete(resolve);
    }
  }
}
