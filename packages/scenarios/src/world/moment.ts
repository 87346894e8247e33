import type { Timer } from '@chargemesh/base';

/** Where in the life of a message a fault may strike. */
export const FAULT_WINDOWS = [
  'before the commit',
  'after the commit',
  'after the send',
  'before the answer',
  'during replay',
] as const;

/** One of {@link FAULT_WINDOWS}. */
export type FaultWindow = (typeof FAULT_WINDOWS)[number];

/** A moment at which a fault would be in a window. */
export interface Moment {
  readonly windows: readonly FaultWindow[];
  /** What it is about: actions of OCPP, session events, or what a commit of a module holds else. */
  readonly of: readonly string[];
  /** Who is at work. */
  readonly moduleId: string;
}

/** What becomes of a moment: `fails` as a full disk does, `lost` as a frame that does not arrive; `dies` with its module. */
export type Verdict = 'goes on' | 'fails' | 'lost' | 'dies';

/** Says each moment at which a fault could strike, and has the fault strike. Only a world in one process can. */
export interface MomentSource {
  /** @param judge is asked at each moment, before it has passed */
  onMoment(judge: (moment: Moment) => Verdict): Timer;
}
