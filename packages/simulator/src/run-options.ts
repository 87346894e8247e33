type RunOptions = Readonly<Record<string, string>>;

/**
 * How many times faster than real time simulated cars and meters run, from the run option `speed`. Anything that is no number above 0
 * counts as 1: a mistyped option must not stop a meter.
 */
export function speedOf({ speed }: RunOptions): number {
  return positive(speed) ?? 1;
}

/**
 * After how much silence of its EvseManager a board lets go, in milliseconds, from the run option `deadMan` in seconds. Undefined where
 * that is no number above 0: then the default holds.
 */
export function patienceMsOf({ deadMan }: RunOptions): number | undefined {
  const seconds = positive(deadMan);
  return seconds && seconds * 1000;
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}
