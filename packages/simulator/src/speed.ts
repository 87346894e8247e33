/**
 * How many times faster than real time simulated cars and meters run, from the run option `speed`. Anything that is no number above 0
 * counts as 1: a mistyped option must not stop a meter.
 */
export function speedOf(runOptions: Readonly<Record<string, string>>): number {
  const speed = Number(runOptions.speed);
  return Number.isFinite(speed) && speed > 0 ? speed : 1;
}
