import type { Scenario, Step } from '../language/scenario.ts';
import type { Strike } from './strike.ts';

/** What is inside of a commit, and nobody outside of the module sees. */
const INSIDE: readonly (string | undefined)[] = ['answer', 'session', 'open transaction'];

/** Why a scenario cannot be played with real processes: it has a fault strike that only a world in one process can, or a moment that only it sees. */
export function strikesUnseen({ steps }: Scenario): string | undefined {
  const strikes = steps.flatMap(strikesOf);
  if (strikes.some(({ how }) => how === 'disk')) return 'a disk fills in virtual time alone';
  const unseen = strikes.find(({ of }) => INSIDE.includes(of));
  return unseen && `the commit of ${unseen.of} cannot be seen from outside`;
}

function strikesOf(step: Step): Strike[] {
  if ('attempt' in step) return strikesOf(step.attempt);
  return 'strike' in step ? [step.strike] : [];
}
