import type { EpisodeListener } from './episode.ts';
import { TAKEN } from './expectation.ts';
import type { FrameKind, MadeFrame } from './frame-maker.ts';
import { type StationState, stationStates } from './station-states.ts';

/** What the station did not do as it has to. */
export interface FuzzViolation {
  readonly run: number;
  readonly state: string;
  readonly text: string;
  readonly said: string;
}

/** As many are kept; the others are counted. */
const KEPT = 20;

/** Counts what was tried in which state, and keeps what went wrong. */
export class FuzzTally {
  readonly seed: number;
  readonly violations: FuzzViolation[] = [];
  readonly #kinds = new Map<FrameKind, number>();
  readonly #cells = new Map<string, number>();
  #run = 0;
  #state = '';
  #last = '';
  #violations = 0;

  constructor(seed: number) {
    this.seed = seed;
  }

  /** How many frames there were. */
  get frames(): number {
    return [...this.#kinds.values()].reduce((sum, count) => sum + count, 0);
  }

  get runs(): number {
    return this.#run + 1;
  }

  get failures(): number {
    return this.#violations;
  }

  /** The part of all frames that was of one kind. */
  part(kind: FrameKind): number {
    return (this.#kinds.get(kind) ?? 0) / Math.max(1, this.frames);
  }

  /** The pairs of state and action that did not come up. */
  get missing(): readonly string[] {
    return stationStates.flatMap(({ name }) =>
      TAKEN.filter((action) => !this.#cells.has(cell(name, action))).map((action) => cell(name, action)),
    );
  }

  /** The smallest number of requests of one action in one state. */
  get fewest(): number {
    return this.missing.length > 0 ? 0 : Math.min(...this.#cells.values());
  }

  /** An episode begins. @returns who listens to it */
  begin(run: number, { name }: StationState): EpisodeListener {
    this.#run = run;
    this.#state = name;
    return {
      sent: (frame) => this.#sent(frame),
      violation: ({ text }, said) => this.violation(said, text),
    };
  }

  violation(said: string, text: string = this.#last): void {
    this.#violations++;
    if (this.violations.length < KEPT) this.violations.push({ run: this.#run, state: this.#state, text, said });
  }

  /** The findings in words. */
  lines(): readonly string[] {
    const kinds = [...this.#kinds].map(([kind, count]) => `${kind} ${percent(count / this.frames)}`).join(', ');
    return [
      `${this.frames} frames in ${this.runs} runs: ${kinds}`,
      `${stationStates.length} states × ${TAKEN.length} actions, each pair at least ${this.fewest} times`,
      ...this.missing.map((pair) => `NOT TRIED ${pair}`),
      ...this.violations.flatMap(({ run, state, text, said }) => [
        `VIOLATION ${said}`,
        `  ${state}: ${text.length > 300 ? `${text.slice(0, 300)}…` : text}`,
        `  pnpm fuzz ocpp --seed ${this.seed} --run ${run}`,
      ]),
      `${this.#violations} violations`,
    ];
  }

  #sent({ kind, action, text }: MadeFrame): void {
    this.#last = text;
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
    if (action === undefined) return;
    const key = cell(this.#state, action);
    this.#cells.set(key, (this.#cells.get(key) ?? 0) + 1);
  }
}

function cell(state: string, action: string): string {
  return `${action}, ${state}`;
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
