import type { DurationText } from '../language/scenario.ts';

/** In which window a fault strikes, in the words of the language. */
export const STRIKE_WINDOWS = {
  'before-commit': 'before the commit',
  'after-commit': 'after the commit',
  'after-send': 'after the send',
  'before-answer': 'before the answer',
  replay: 'during replay',
} as const;

/** What the fault is: the module dies, the whole station loses its power, its disk takes nothing, the link breaks. */
export const STRIKE_KINDS = ['kill', 'power', 'disk', 'link'] as const;

export type StrikeWindow = keyof typeof STRIKE_WINDOWS;
export type StrikeKind = (typeof STRIKE_KINDS)[number];

/** A fault that waits for its moment. */
export interface Strike {
  readonly window: StrikeWindow;
  readonly how: StrikeKind;
  /** An action of OCPP, a session event, `answer`, `position`, `session` or `open transaction`; default whatever comes. */
  readonly of?: string;
  /** Lets so many such moments pass. */
  readonly skip?: number;
  /** How long the power is away, the disk full, the link cut; default 3 s. */
  readonly for?: DurationText;
}

/** A strike that has struck. */
export interface Hit {
  readonly strike: Strike;
  readonly moduleId: string;
  readonly of: readonly string[];
  /** On the monotonic axis of the world's clock. */
  readonly atMs: number;
}
