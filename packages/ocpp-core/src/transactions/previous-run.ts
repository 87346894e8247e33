import type { Clock, Timer } from '@chargemesh/base';
import type { SessionId } from './ids.ts';
import type { LedgerEntry } from './ledger.ts';

/** After a start an EVSE is waited for this long to tell the end of what was cut off: it may wait for its meter first. */
const TOLD_WITHIN_MS = 20_000;

/**
 * The transactions that the last run left open. `cut off`: nobody has said yet whether they go on, and their EVSE has its time to tell.
 * `taken up`: they go on, but their end may have been told while nobody listened.
 */
export class PreviousRun {
  readonly #clock: Clock;
  readonly #cutOff = new Map<SessionId, LedgerEntry>();
  readonly #takenUp = new Map<SessionId, LedgerEntry>();
  #patience: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits for what the EVSEs tell of these. @param expired told those of which nobody has said anything in time */
  cutOff(entries: readonly LedgerEntry[], expired: (entries: readonly LedgerEntry[]) => void): void {
    for (const entry of entries) this.#cutOff.set(entry.sessionId, entry);
    this.#patience?.cancel();
    if (this.#cutOff.size > 0)
      this.#patience = this.#clock.setTimer(TOLD_WITHIN_MS, () => expired([...this.#cutOff.values()]));
  }

  /** It goes on. */
  takeUp(entry: LedgerEntry): void {
    this.#cutOff.delete(entry.sessionId);
    this.#takenUp.set(entry.sessionId, entry);
  }

  /** The cut off transaction of a session. */
  find(sessionId: SessionId): LedgerEntry | undefined {
    return this.#cutOff.get(sessionId);
  }

  isCutOff({ sessionId }: LedgerEntry): boolean {
    return this.#cutOff.has(sessionId);
  }

  has({ sessionId }: LedgerEntry): boolean {
    return this.#cutOff.has(sessionId) || this.#takenUp.has(sessionId);
  }

  /** What it left on a connector, oldest first. */
  on(connectorId: number): readonly LedgerEntry[] {
    const all = [...this.#cutOff.values(), ...this.#takenUp.values()];
    return all.filter((entry) => entry.connectorId === connectorId).sort((one, other) => one.ledgerId - other.ledgerId);
  }

  /** It has ended. */
  ended({ sessionId }: LedgerEntry): void {
    this.#cutOff.delete(sessionId);
    this.#takenUp.delete(sessionId);
  }

  /** The end of this run. What was not decided yet is in the next. */
  stop(): void {
    this.#patience?.cancel();
    this.#cutOff.clear();
  }
}
