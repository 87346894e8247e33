import { SeededRandom } from '@chargemesh/base';
import type { Scenario, SettleStep, Step } from '../language/scenario.ts';
import { anyAction, CHAOS_TAGS, pause } from './actions.ts';
import { anyFault, type FaultPlan } from './faults.ts';

/** A scenario that was made up, with the faults that are in it. */
export interface Generated {
  readonly scenario: Scenario;
  /** Their names, one a fault. */
  readonly faults: readonly string[];
}

/** How much is to happen. */
export interface Extent {
  readonly plan: FaultPlan;
  readonly evses: number;
  readonly actions: readonly [number, number];
  /** Between two actions. */
  readonly pauseS: number;
  readonly settle: SettleStep['settle'];
}

/** Other numbers than those of the world that the scenario is played in. */
const SALT = 0x5eed_c405;
const FAULT_SHARE = 0.45;

/**
 * Makes a scenario up: sessions on all EVSEs, in any order, among faults; then all faults end, the cars leave, and each transaction has to
 * be with the CSMS. The same for the same seed.
 */
export function generate(seed: number, { plan, evses, actions, pauseS, settle }: Extent): Generated {
  const random = new SeededRandom(seed ^ SALT);
  const steps: Step[] = [];
  const faults: string[] = [];
  const count = random.integer(...actions);
  for (let action = 0; action < count; action++) {
    if (random.real() < FAULT_SHARE) {
      const fault = anyFault(random, plan);
      faults.push(fault.name);
      steps.push(...fault.steps, { wait: pause(random, 2) });
    }
    steps.push(...anyAction(random, random.integer(1, evses), pauseS), { wait: pause(random, pauseS) });
  }
  steps.push({ heal: true }, { settle });
  const scenario: Scenario = {
    name: `Chaos ${seed}`,
    // What is refused now and then is not to be given up: that would be no loss by fault.
    ocpp: { TransactionMessageAttempts: 50, TransactionMessageRetryInterval: 1 },
    tags: CHAOS_TAGS,
    steps,
  };
  return { scenario, faults };
}
