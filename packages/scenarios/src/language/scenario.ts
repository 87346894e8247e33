import type { Strike } from '../chaos/strike.ts';

/** What a frame looks like: its action, with `.conf` for an answer and `.error` for a CALLERROR, and what its payload has to hold. */
export type FramePattern = string | Readonly<Record<string, unknown>>;

/** A time such as `500 ms`, `10 s`, `2 min`, `1 h`, `3 d`, or seconds. */
export type DurationText = string | number;

/** Plugs the simulated car in and has it draw what it may. */
export interface PlugStep {
  readonly plug: number | { readonly evse: number; readonly current?: number; readonly phases?: number };
}
export interface UnplugStep {
  readonly unplug: number;
}
export interface PauseStep {
  readonly pause: number;
}
export interface ResumeStep {
  readonly resume: number;
}
/** Has the simulated car carry out a script of its own language. */
export interface ScriptStep {
  readonly script: { readonly evse: number; readonly run: string };
}
/** Holds a card to the reader: of an EVSE, or, without one, of the station. */
export interface SwipeStep {
  readonly swipe: { readonly evse?: number; readonly card: string };
}
/** Publishes as a program outside of the mesh does; what is no text goes out as JSON. */
export interface PublishStep {
  readonly publish: { readonly topic: string; readonly payload?: unknown };
}
/** Calls a command of a module, as one of EVerest's modules would, and looks at its result. */
export interface CommandStep {
  readonly command: {
    readonly module: string;
    readonly implementation?: string;
    readonly name: string;
    readonly args?: Readonly<Record<string, unknown>>;
    /** What the result has to hold. */
    readonly result?: unknown;
    readonly within?: DurationText;
  };
}
/** Sends a request of the CSMS, and looks at the answer. */
export interface CallStep {
  readonly call: {
    readonly action: string;
    readonly payload?: Readonly<Record<string, unknown>>;
    /** What the answer has to hold. */
    readonly answer?: unknown;
    /** The code of the CALLERROR that is to come in place of an answer. */
    readonly error?: string;
    readonly force?: boolean;
    readonly within?: DurationText;
  };
}
/** Has the CSMS answer otherwise than it should, in the words of `csms answer`. */
export interface AnswerStep {
  readonly answer: { readonly action: string; readonly with: string; readonly next?: number };
}
/** Waits for frames, in this order; others may come between. Each later step looks at what comes after the last of them. */
export interface ExpectStep {
  readonly expect:
    | readonly FramePattern[]
    | { readonly frames: readonly FramePattern[]; readonly within?: DurationText };
}
/** Lets time pass, in which none of these may come. */
export interface QuietStep {
  readonly quiet: {
    readonly frames?: readonly FramePattern[];
    readonly bus?: readonly BusPattern[];
    readonly outside?: readonly OutsidePattern[];
    readonly for: DurationText;
  };
}
/** A value of a variable on the bus. */
export interface BusPattern {
  readonly module: string;
  readonly variable: string;
  readonly implementation?: string;
  readonly value?: unknown;
}
/** Waits for a value of a variable on the bus. */
export interface BusStep {
  readonly bus: BusPattern & { readonly within?: DurationText };
}
/** A message for programs outside of the mesh: JSON, or else text. */
export interface OutsidePattern {
  /** With `+` and `#` where any will do. */
  readonly topic: string;
  readonly value?: unknown;
}
/** Waits for a message for programs outside of the mesh. */
export interface OutsideStep {
  readonly outside: OutsidePattern & { readonly within?: DurationText };
}
/** Waits until an EVSE is in a state, in OCPP's words. */
export interface StatusStep {
  readonly status: {
    readonly evse: number;
    readonly is?: string;
    /** Whether there is a session. */
    readonly session?: boolean;
    /** Whether there is a transaction. */
    readonly transaction?: boolean;
    readonly within?: DurationText;
  };
}
/** Lets time pass. */
export interface WaitStep {
  readonly wait: DurationText;
}
export interface LinkStep {
  readonly link: 'restored' | 'cut' | 'dropped' | 'half-open' | { readonly slow: DurationText };
}
/** Kills `broker`, `manager`, or a module by its id; a module also each time that it comes back within a while. */
export interface KillStep {
  readonly kill: string | { readonly what: string; readonly for: DurationText };
}
export interface RestartStep {
  readonly restart: string;
}
/** Raises an error of the simulated board, or clears it. */
export interface FaultStep {
  readonly fault: { readonly evse: number; readonly type: string; readonly clear?: boolean };
}
/** Moves the wall clock of the mesh. */
export interface ClockStep {
  readonly clock: DurationText;
}
/**
 * Has a fault strike at a chosen moment in the life of a message, once that comes about: in virtual time exactly there, with real processes
 * as soon as it is seen from outside.
 */
export interface StrikeStep {
  readonly strike: Strike;
}
/** Carries out a step, whether it comes about or not. */
export interface AttemptStep {
  readonly attempt: Step;
}
/** Takes back whatever was done to the station: link, answers of the CSMS, disk; broker and manager run. */
export interface HealStep {
  readonly heal: true;
}
/** Has all cars leave, and waits until each transaction that was begun is with the CSMS, once and whole. */
export interface SettleStep {
  readonly settle: DurationText | { readonly within: DurationText; readonly quiet?: DurationText };
}
/** Holds all transactions that the CSMS knows against these, in order. */
export interface LedgerStep {
  readonly ledger: readonly Readonly<Record<string, unknown>>[];
}

export type Step =
  | PlugStep
  | UnplugStep
  | PauseStep
  | ResumeStep
  | ScriptStep
  | SwipeStep
  | PublishStep
  | CommandStep
  | CallStep
  | AnswerStep
  | ExpectStep
  | QuietStep
  | BusStep
  | OutsideStep
  | StatusStep
  | WaitStep
  | LinkStep
  | KillStep
  | RestartStep
  | FaultStep
  | ClockStep
  | StrikeStep
  | AttemptStep
  | HealStep
  | SettleStep
  | LedgerStep;

/** A scenario as its file has it. */
export interface Scenario {
  readonly name: string;
  readonly describe?: string;
  /** The configuration of the mesh; default config-sil-ocpp.yaml. Looked up beside the scenario, then in the repository. */
  readonly config?: string;
  /** A merge patch over it. */
  readonly patch?: Readonly<Record<string, unknown>>;
  /** OCPP configuration keys, over those of the configuration. */
  readonly ocpp?: Readonly<Record<string, unknown>>;
  /** The cards that the CSMS knows, as in tags.yaml; without it every card is accepted. */
  readonly tags?: Readonly<Record<string, unknown>>;
  /** Rules of the CSMS that this scenario has the station break, such as where the CSMS answers wrong. */
  readonly allow?: readonly string[];
  /** Whether the mesh is up, and its boot accepted, before the first step; default true. */
  readonly boot?: boolean;
  readonly steps: readonly Step[];
}
