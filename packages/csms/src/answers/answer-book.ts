import type { Behaviour } from './behaviour.ts';

/** Which CALLs a behaviour is for. */
export interface AnswerScope {
  /** One station only; all without it. */
  readonly station?: string;
  /** Only the next so many CALLs; all that come without it. */
  readonly next?: number;
}

/** One instruction that is in force. */
export interface SetAnswer {
  /** An action, or `*` for all. */
  readonly action: string;
  readonly behaviour: Behaviour;
  readonly station: string | null;
  /** How many CALLs it is still for; null for all. */
  readonly left: number | null;
}

/** What the CSMS was told to answer otherwise than it should. The newest instruction that fits a CALL wins. */
export class AnswerBook {
  #answers: SetAnswer[] = [];

  /** `default` without `next` takes back what was said for the action and the station; without a station, for all. */
  set(action: string, behaviour: Behaviour, scope: AnswerScope = {}): void {
    const station = scope.station ?? null;
    if (scope.next === undefined)
      this.#answers = this.#answers.filter(
        (answer) => answer.action !== action || (station !== null && answer.station !== station),
      );
    const takenBack = behaviour.kind === 'default' && scope.next === undefined;
    // For one station the default may still have to stand before an instruction for all.
    if (takenBack && (station === null || !this.#covers(action))) return;
    this.#answers.push({ action, behaviour, station, left: scope.next ?? null });
  }

  /** Everything is answered as it should be. */
  reset(): void {
    this.#answers = [];
  }

  /** The behaviour for a CALL that came; counts it against `next`. */
  take(action: string, station: string): Behaviour {
    const at = this.#answers.findLastIndex(
      (answer) => (answer.action === action || answer.action === '*') && (answer.station ?? station) === station,
    );
    const answer = this.#answers[at];
    if (answer === undefined) return { kind: 'default' };
    if (answer.left !== null) {
      if (answer.left > 1) this.#answers[at] = { ...answer, left: answer.left - 1 };
      else this.#answers.splice(at, 1);
    }
    return answer.behaviour;
  }

  /** What is in force, oldest first. */
  list(): readonly SetAnswer[] {
    return [...this.#answers];
  }

  #covers(action: string): boolean {
    return this.#answers.some(
      (answer) => answer.station === null && (answer.action === action || answer.action === '*'),
    );
  }
}
