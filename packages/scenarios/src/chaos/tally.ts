import type { ChaosReport } from './chaos-run.ts';
import { STRIKE_WINDOWS, type StrikeWindow } from './strike.ts';

/** What a number of runs add up to. */
export class Tally {
  readonly #faults = new Map<string, number>();
  readonly #windows = new Map<string, number>();
  readonly #failed: number[] = [];
  #runs = 0;
  #simulatedMs = 0;

  add({
    seed,
    faults,
    hits,
    failures,
    tookMs,
  }: Pick<ChaosReport, 'seed' | 'faults' | 'hits' | 'failures' | 'tookMs'>): void {
    this.#runs++;
    this.#simulatedMs += tookMs;
    if (failures.length > 0) this.#failed.push(seed);
    for (const fault of faults) count(this.#faults, fault);
    for (const { strike } of hits) count(this.#windows, `${strike.window} ${strike.how}`);
  }

  get runs(): number {
    return this.#runs;
  }

  get failed(): readonly number[] {
    return this.#failed;
  }

  /** The windows in which no fault struck. */
  get missing(): readonly StrikeWindow[] {
    const windows = Object.keys(STRIKE_WINDOWS) as StrikeWindow[];
    return windows.filter((window) => ![...this.#windows.keys()].some((hit) => hit.startsWith(`${window} `)));
  }

  lines(): string[] {
    return [
      `${this.#runs} runs, ${(this.#simulatedMs / 3_600_000).toFixed(1)} h of the station's time`,
      'faults:',
      ...table(this.#faults),
      'struck in a window:',
      ...table(this.#windows),
      `${this.#failed.length} runs with violations${this.#failed.length > 0 ? `: seeds ${this.#failed.join(', ')}` : ''}`,
      ...this.missing.map((window) => `MISSING: no fault struck ${STRIKE_WINDOWS[window]}`),
    ];
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function table(counts: ReadonlyMap<string, number>): string[] {
  const sorted = [...counts].sort(([one], [other]) => one.localeCompare(other));
  return sorted.map(([name, number]) => `  ${String(number).padStart(7)}  ${name}`);
}
