import type { Random } from '@chargemesh/base';
import type { Step } from '../language/scenario.ts';
import { TRANSACTION_ACTIONS } from '../world/transaction-actions.ts';
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
  /** In which time: in real time nothing lasts long, and disks do not fill. */
  readonly time: 'virtual' | 'real';
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

/** Real time is not waited for longer than it takes to show something. */
const ANSWERS: Readonly<Record<FaultPlan['time'], readonly [string, ...string[]]>> = {
  virtual: ['never', 'CALLERROR InternalError', 'late 3s', 'late 20s', 'late 45s', 'garbage'],
  real: ['CALLERROR InternalError', 'CALLERROR InternalError', 'late 500ms', 'late 2s'],
};

const link: MakeFault = (random, { atMostS, time }) => {
  const how = pick(random, ['cut', 'dropped', 'half-open', 'slow'] as const);
  const state =
    how === 'slow' ? { slow: pick(random, time === 'real' ? ['500 ms', '1 s'] : ['500 ms', '2 s', '8 s']) } : how;
  return {
    name: `link ${how}`,
    steps: [
      { attempt: { link: state } },
      ...(random.real() < 0.5 ? [{ wait: pause(random, atMostS) }, { link: 'restored' } as Step] : []),
    ],
  };
};

const restored: MakeFault = () => ({ name: 'link restored', steps: [{ link: 'restored' }] });

const csms: MakeFault = (random, { time }) => {
  const how = pick(random, ANSWERS[time]);
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

const strike: MakeFault = (random, { time, atMostS }) => {
  const { window, kinds, of } = pick(random, time === 'real' ? SEEN_STRIKES : STRIKES);
  const struck: Strike = {
    window,
    how: pick(random, kinds),
    of: pick(random, of),
    ...(time === 'virtual' && random.real() < 0.3 && { skip: random.integer(1, 3) }),
    for: `${random.integer(1, Math.min(12, atMostS))} s`,
  };
  return { name: `strike ${struck.how} ${window}`, steps: [{ strike: struck }] };
};

type Of = readonly [string, ...string[]];
const WRITTEN: Of = [
  ...TRANSACTION_ACTIONS,
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
  { window: 'after-send', kinds: ['kill', 'power', 'link'], of: TRANSACTION_ACTIONS },
  { window: 'before-answer', kinds: ['kill', 'power', 'link'], of: TRANSACTION_ACTIONS },
  { window: 'replay', kinds: ['kill', 'power'], of: [...TRANSACTION_ACTIONS, 'position'] },
];

/** What can be seen from outside, and struck before it has gone by. */
const SEEN_STRIKES: typeof STRIKES = [
  { window: 'before-commit', kinds: ['kill', 'power'], of: ['StartTransaction', 'StopTransaction'] },
  { window: 'after-commit', kinds: ['kill', 'power'], of: ['TransactionStarted', 'TransactionFinished'] },
  { window: 'after-send', kinds: ['kill', 'power', 'link'], of: ['StartTransaction', 'StopTransaction'] },
  { window: 'before-answer', kinds: ['kill', 'power', 'link'], of: ['StartTransaction', 'StopTransaction'] },
  { window: 'replay', kinds: ['kill', 'power'], of: ['StartTransaction', 'StopTransaction', 'position'] },
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
  { weight: 8, make: strike },
];

/** A fault by chance. */
export function anyFault(random: Random, plan: FaultPlan): ChaosFault {
  return pickWeighted(random, plan.apart ? FAULTS_APART : FAULTS)(random, plan);
}
