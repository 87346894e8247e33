import type { Random } from '@chargemesh/base';
import type { Step } from '../language/scenario.ts';
import { pause } from './actions.ts';
import { pick, pickWeighted, type Weighted } from './pick.ts';
import type { Strike, StrikeKind } from './strike.ts';

/** A fault with its name in the summary. */
export interface ChaosFault {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** Faults of a station, and how long they may last. */
export interface FaultPlan {
  /** Modules that may die. */
  readonly modules: readonly [string, ...string[]];
  /** Whether single modules and the broker can die at all. */
  readonly apart: boolean;
  /** Whether faults can be had to strike at a chosen moment. */
  readonly strikes: boolean;
  readonly atMostS: number;
}

type MakeFault = (random: Random, plan: FaultPlan) => ChaosFault;

const ANSWERED: readonly [string, ...string[]] = [
  'StartTransaction',
  'StartTransaction',
  'StopTransaction',
  'StopTransaction',
  'MeterValues',
  'Authorize',
  'StatusNotification',
  'BootNotification',
  '*',
];

const link: MakeFault = (random, { atMostS }) => {
  const how = pick(random, ['cut', 'dropped', 'half-open', 'slow'] as const);
  const state = how === 'slow' ? { slow: pick(random, ['500 ms', '2 s', '8 s']) } : how;
  return {
    name: `link ${how}`,
    steps: [
      { attempt: { link: state } },
      ...(random.real() < 0.5 ? [{ wait: pause(random, atMostS) }, { link: 'restored' } as Step] : []),
    ],
  };
};

const restored: MakeFault = () => ({ name: 'link restored', steps: [{ link: 'restored' }] });

const csms: MakeFault = (random) => {
  const how = pick(random, ['never', 'CALLERROR InternalError', 'late 3s', 'late 20s', 'late 45s', 'garbage']);
  const [word = ''] = how.split(' ');
  const names: Readonly<Record<string, string>> = {
    never: 'silent',
    CALLERROR: 'refusing',
    late: 'late',
    garbage: 'garbage',
  };
  return {
    name: `CSMS ${names[word]}`,
    steps: [{ answer: { action: pick(random, ANSWERED), with: how, next: random.integer(1, 3) } }],
  };
};

const killModule: MakeFault = (random, { modules, atMostS }) => {
  const what = pick(random, modules);
  const long = random.real() < 0.3;
  const kill: Step = { kill: long ? { what, for: pause(random, atMostS) } : what };
  return { name: `kill ${what}`, steps: [{ attempt: kill }] };
};

const restartModule: MakeFault = (random, { modules }) => ({
  name: 'restart of a module',
  steps: [{ attempt: { restart: pick(random, modules) } }],
});

const killBroker: MakeFault = (random, { atMostS }) => ({
  name: 'kill broker',
  steps: [{ kill: 'broker' }, { wait: pause(random, Math.min(atMostS, 10)) }, { restart: 'broker' }],
});

const killManager: MakeFault = (random, { atMostS }) => ({
  name: 'kill manager',
  steps: [{ kill: 'manager' }, { wait: pause(random, atMostS) }, { restart: 'manager' }],
});

const strike: MakeFault = (random) => {
  const { window, kinds, of } = pick(random, STRIKES);
  const struck: Strike = {
    window,
    how: pick(random, kinds),
    of: pick(random, of),
    ...(random.real() < 0.3 && { skip: random.integer(1, 3) }),
    for: `${random.integer(1, 12)} s`,
  };
  return { name: `strike ${struck.how} ${window}`, steps: [{ strike: struck }] };
};

type Of = readonly [string, ...string[]];
const QUEUED: Of = ['StartTransaction', 'StopTransaction', 'MeterValues'];
const WRITTEN: Of = [
  ...QUEUED,
  'TransactionStarted',
  'TransactionFinished',
  'SessionFinished',
  'answer',
  'position',
  'session',
  'open transaction',
];

interface StrikeChoice {
  readonly window: Strike['window'];
  readonly kinds: readonly [StrikeKind, ...StrikeKind[]];
  readonly of: Of;
}

const STRIKES: readonly [StrikeChoice, ...StrikeChoice[]] = [
  { window: 'before-commit', kinds: ['kill', 'power', 'disk', 'disk'], of: WRITTEN },
  { window: 'after-commit', kinds: ['kill', 'power'], of: WRITTEN },
  { window: 'after-send', kinds: ['kill', 'power', 'link'], of: QUEUED },
  { window: 'before-answer', kinds: ['kill', 'power', 'link'], of: QUEUED },
  { window: 'replay', kinds: ['kill', 'power'], of: [...QUEUED, 'position'] },
];

const FAULTS: readonly [Weighted<MakeFault>, ...Weighted<MakeFault>[]] = [
  { weight: 4, make: link },
  { weight: 2, make: restored },
  { weight: 4, make: csms },
  { weight: 1, make: killManager },
];
const FAULTS_APART: typeof FAULTS = [
  ...FAULTS,
  { weight: 4, make: killModule },
  { weight: 1, make: restartModule },
  { weight: 1, make: killBroker },
];
const FAULTS_INSIDE: typeof FAULTS = [...FAULTS_APART, { weight: 8, make: strike }];

/** A fault by chance. */
export function anyFault(random: Random, plan: FaultPlan): ChaosFault {
  const choices = plan.strikes ? FAULTS_INSIDE : plan.apart ? FAULTS_APART : FAULTS;
  return pickWeighted(random, choices)(random, plan);
}
