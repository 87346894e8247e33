import { cpus } from 'node:os';

/** One line of a benchmark: the same thing done by us and by the raw thing, in the same run. */
export interface BenchRow {
  readonly what: string;
  readonly ours: number;
  /** Absent where there is nothing to compare with but a goal. */
  readonly raw?: number;
  readonly unit: string;
  /** `less`: a smaller figure is better, and the ratio is ours/raw. `more`: the other way round. */
  readonly better: 'less' | 'more';
  /** What the ratio, or where there is none the figure, should not exceed. */
  readonly goal: number;
  /** The goal is for the figure, although there is a ratio. */
  readonly goalIsFigure?: boolean;
}

/** What a benchmark found. */
export interface BenchResult {
  readonly name: string;
  readonly rows: readonly BenchRow[];
}

/** How much worse ours is than the raw thing, 1 being equal. */
export function ratioOf({ ours, raw, better }: BenchRow): number | undefined {
  if (raw === undefined) return undefined;
  return better === 'less' ? ours / raw : raw / ours;
}

/** The machine, in words. */
export function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, Node ${process.version}`;
}

/** A table for people. */
export function renderTable({ name, rows }: BenchResult): string {
  const header = ['what', 'ours', 'raw', 'ratio', 'goal', ''];
  const body = rows.map((row) => {
    const ratio = ratioOf(row);
    const judged = row.goalIsFigure ? undefined : ratio;
    return [
      row.what,
      figure(row.ours, row.unit),
      row.raw === undefined ? '–' : figure(row.raw, row.unit),
      ratio === undefined ? '–' : ratio.toFixed(2),
      judged === undefined ? figure(row.goal, row.unit) : row.goal.toFixed(2),
      (judged ?? row.ours) <= row.goal ? 'ok' : 'above goal',
    ];
  });
  const widths = header.map((_title, at) => Math.max(...[header, ...body].map((line) => line[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return [`bench ${name} on ${machine()}`, line(header), ...body.map(line)].join('\n');
}

/** The value below which this part of the samples lies. */
export function quantile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function figure(value: number, unit: string): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 3;
  return `${value.toFixed(digits)} ${unit}`;
}
