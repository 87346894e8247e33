import type { Parameters } from 'fast-check';

/**
 * How the property tests are run: the same each time, or as the environment says. What fails prints its seed and path:
 * `PROPERTY_SEED=… PROPERTY_PATH=…` plays it again, `PROPERTY_RUNS=…` looks for more.
 */
export function playedAs<T>(runs: number): Parameters<T> {
  const { PROPERTY_SEED, PROPERTY_PATH, PROPERTY_RUNS } = process.env;
  return {
    numRuns: Number(PROPERTY_RUNS ?? runs),
    seed: Number(PROPERTY_SEED ?? 1),
    ...(PROPERTY_PATH === undefined ? {} : { path: PROPERTY_PATH }),
    endOnFailure: PROPERTY_PATH !== undefined,
  };
}
