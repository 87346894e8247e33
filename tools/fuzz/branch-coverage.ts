import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How many branches of a file were taken. */
export interface FileCoverage {
  readonly file: string;
  readonly branches: number;
  readonly taken: number;
  /** Lines at which a branch begins that was not taken. */
  readonly missed: readonly number[];
}

/**
 * Counts the branches that are taken, as V8 sees them: a branch is a function, or a part of one that runs less or more often than what
 * surrounds it. Files run as they are written (types are blanked out, not moved), so places are those of the source.
 */
export class BranchCoverage {
  readonly #session = new Session();

  async start(): Promise<void> {
    this.#session.connect();
    await this.#session.post('Profiler.enable');
    await this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Ends the counting. @param wanted which files count, by their path */
  async take(root: string, wanted: (path: string) => boolean): Promise<readonly FileCoverage[]> {
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    await this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
    return result
      .filter(({ url }) => url.startsWith('file://') && wanted(fileURLToPath(url)))
      .map(({ url, functions }) => {
        const path = fileURLToPath(url);
        const text = readFileSync(path, 'utf8');
        const ranges = functions.flatMap((found) => found.ranges);
        const missed = ranges.filter(({ count }) => count === 0).map(({ startOffset }) => lineOf(text, startOffset));
        return { file: relative(root, path), branches: ranges.length, taken: ranges.length - missed.length, missed };
      })
      .sort((one, other) => one.file.localeCompare(other.file));
  }
}

/** The part of all branches that was taken. */
export function branchesTaken(files: readonly FileCoverage[]): number {
  const sum = (of: (file: FileCoverage) => number): number => files.reduce((total, file) => total + of(file), 0);
  return (
    sum(({ taken }) => taken) /
    Math.max(
      1,
      sum(({ branches }) => branches),
    )
  );
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
