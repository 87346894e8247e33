/** A time that the CSMS has told, and how long its answer was under way with the question. */
export interface ToldTime {
  readonly currentTimeMs: number;
  readonly tookMs: number;
}

/**
 * What the clock has to show when an answer with the CSMS's time arrives. On a slow link that time is seconds old by then, so a clock that may
 * be right is left alone: else it would be set back in the middle of a transaction.
 */
export function timeOfAnswer({ currentTimeMs, tookMs }: ToldTime, wallMs: number): number {
  return Math.min(Math.max(wallMs, currentTimeMs), currentTimeMs + tookMs);
}
