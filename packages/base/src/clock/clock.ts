/** A timer that has been set and may be cancelled. Cancelling twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * The only source of time in the mesh. Intervals run on monotonic time; clock-aligned values and schedules use wall time.
 *
 * Wall time carries an offset that is the mesh's own: a CSMS that sets the time moves this offset, never the machine's clock.
 */
export interface Clock {
  /** Milliseconds since an arbitrary start. Never runs back, never jumps. */
  monotonicMs(): number;
  /** Milliseconds since the Unix epoch, the mesh's offset included. May jump in either direction. */
  wallMs(): number;
  /** How far {@link wallMs} stands from the machine's wall clock, in milliseconds. */
  wallOffsetMs(): number;
  /** Moves wall time so that it now reads `epochMs`. Listeners of {@link onWallJump} hear of it. */
  setWall(epochMs: number): void;
  /** Moves wall time so that {@link wallOffsetMs} is this, exactly: between two looks at a running clock it has gone on. */
  setWallOffset(offsetMs: number): void;
  /** Calls back after wall time was moved, with the distance of the jump in milliseconds. */
  onWallJump(listener: (deltaMs: number) => void): Timer;
  /** Calls back once after `delayMs` of monotonic time. A negative delay counts as 0, a long one (months) is kept exactly. */
  setTimer(delayMs: number, callback: () => void): Timer;
  /** Calls back every `periodMs` of monotonic time without drift, the first time after one period. `periodMs` must be above 0. */
  setPeriodic(periodMs: number, callback: () => void): Timer;
  /** Resolves after `delayMs`; rejects with the signal's reason when it is aborted before. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
  /**
   * Tells a virtual clock that work outside its sight (thread pool, socket, file) is under way, so that it does not jump over it.
   * Hands the promise back.
   */
  track<T>(work: Promise<T>): Promise<T>;
}
