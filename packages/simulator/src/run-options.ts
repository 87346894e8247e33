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

/**
 * How long a simulated meter waits from one reading to the next while the same current flows on, in milliseconds of simulated time, from the
 * run option `meterPeriod` in seconds; a second where that is no number above 0. In virtual time, where a month is to take a minute, it
 * is longer.
 */
export function meterPeriodMsOf({ meterPeriod }: RunOptions): number {
  return (positive(meterPeriod) ?? 1) * 1000;
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}
