import type { ChargerContext } from './charger-context.ts';

export type TimerName =
  | 'patience'
  | 'closeAgain'
  | 'showF'
  | 'forceOpen'
  | 'giveUpOnRelay'
  | 'wakeF'
  | 'wakeSteady'
  | 'phaseSwitch';

interface TimerRule {
  /** To be read after "the time that". */
  readonly text: string;
  durationMs(context: ChargerContext): number;
}

const WAKE_UP_AFTER_MS = 30_000;
const GIVE_UP_AFTER_MS = 10_000;
const SHOW_F_MS = 4_000;
const SHOW_STEADY_MS = 750;

const fixed = (durationMs: number) => () => durationMs;

/** The times of the charger's table. Each belongs to a state and ends with it. */
export const chargerTimers: Readonly<Record<TimerName, TimerRule>> = {
  patience: {
    text: 'a car may ignore the offer (30 s; 10 s once it was woken)',
    durationMs: ({ memory }) => (memory.wokenUp ? GIVE_UP_AFTER_MS : WAKE_UP_AFTER_MS),
  },
  /** The board is left alone for so long after it has opened the relay by itself, so that no relay is made to chatter. */
  closeAgain: { text: 'a relay is left open (5 s)', durationMs: fixed(5_000) },
  showF: { text: 'F is shown (`state_F_after_fault_ms`)', durationMs: ({ options }) => options.showFAfterFaultMs },
  /** The car may take so long to end the load before the relay opens under it, whatever the pilot says. */
  forceOpen: { text: 'the car may end the load (20 s)', durationMs: fixed(20_000) },
  /** A welded relay must not keep a transaction open for ever. */
  giveUpOnRelay: { text: 'a relay is waited for (30 s)', durationMs: fixed(30_000) },
  wakeF: { text: 'F is shown (4 s)', durationMs: fixed(SHOW_F_MS) },
  wakeSteady: {
    text: 'F and the steady pilot after it take (4.75 s)',
    durationMs: fixed(SHOW_F_MS + SHOW_STEADY_MS),
  },
  phaseSwitch: {
    text: 'charging rests (`switch_3ph1ph_delay_s`)',
    durationMs: ({ options }) => options.phaseSwitchDelayMs,
  },
};
