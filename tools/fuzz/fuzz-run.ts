import { messageOf } from '@chargemesh/base';
import { type EpisodeListener, playEpisode } from './episode.ts';
import { FuzzTally } from './fuzz-tally.ts';
import { type StationState, stationStates } from './station-states.ts';

/** How much is tried, and where it begins. */
export interface FuzzOptions {
  readonly frames: number;
  readonly seed: number;
  /** Told now and then how many frames are done. */
  readonly progress?: (tally: FuzzTally) => void;
}

/** A state is left for another after so many frames. */
const FRAMES_AN_EPISODE = 60;
/** In these most of the time goes into waiting. */
const FRAMES_OF_A_SLOW_ONE = 15;
const PROGRESS_EVERY = 50;

/** Lets frames loose on the station in each of its states by turns, until there were enough. */
export async function fuzz({ frames, seed, progress }: FuzzOptions): Promise<FuzzTally> {
  const tally = new FuzzTally(seed);
  const rejected = (reason: unknown): void => tally.violation(`unhandled rejection: ${messageOf(reason)}`);
  process.on('unhandledRejection', rejected);
  try {
    for (let run = 0; tally.frames < frames; run++) {
      const listener = tally.begin(run, stateOf(run));
      await play(seed, run, listener).catch((thrown: unknown) => tally.violation(`broke down: ${messageOf(thrown)}`));
      if (run % PROGRESS_EVERY === 0) progress?.(tally);
    }
  } finally {
    process.off('unhandledRejection', rejected);
  }
  return tally;
}

/** Plays one episode of a run again. */
export async function replay(seed: number, run: number, listener: EpisodeListener): Promise<StationState> {
  await play(seed, run, listener);
  return stateOf(run);
}

function stateOf(run: number): StationState {
  const state = stationStates[run % stationStates.length];
  if (!state) throw new RangeError('there are no states');
  return state;
}

async function play(seed: number, run: number, listener: EpisodeListener): Promise<void> {
  const state = stateOf(run);
  const frames = state.station === 'slow' ? FRAMES_OF_A_SLOW_ONE : FRAMES_AN_EPISODE;
  await playEpisode({ seed: (seed * 1_000_003 + run) >>> 0, state, frames }, listener);
}
