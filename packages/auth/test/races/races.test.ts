import { describe, expect, test } from '@jest/globals';
import { Race, type RaceOptions } from './race.ts';

type Action = (race: Race) => void;

interface Story {
  readonly what: string;
  readonly options: RaceOptions;
  /** They come in any order. */
  readonly actions: Readonly<Record<string, Action>>;
  /** What holds besides, however it comes, as long as nobody waits in vain. @returns what is broken */
  readonly always?: (race: Race) => (string | false)[];
}

const plug =
  (id: number): Action =>
  (race) =>
    race.evse(id).plug();
const swipe =
  (card: string, evse?: number): Action =>
  (race) =>
    race.swipe(card, evse === undefined ? {} : { connectors: [evse] });

const stories: readonly Story[] = [
  {
    what: 'two cards and a car',
    options: { cards: { A: { afterMs: 30 }, B: { afterMs: 60 } } },
    actions: { A: swipe('A', 1), B: swipe('B', 1), plug: plug(1) },
    always: (race) => [
      race.evse(1).started.length !== 1 && `${race.evse(1).started.length} transactions`,
      ![...race.ends('A'), ...race.ends('B')].includes('Rejected') && 'nobody was rejected',
    ],
  },
  {
    what: 'two cards, two cars, no EVSE named',
    options: { evses: 2, config: { selection_algorithm: 'PlugEvents' }, cards: { A: { afterMs: 60 } } },
    actions: { A: swipe('A'), B: swipe('B'), 'plug 1': plug(1), 'plug 2': plug(2) },
    always: (race) => [
      (race.begun('A') !== 1 || race.begun('B') !== 1) &&
        `A began ${race.begun('A')}, B ${race.begun('B')} transactions`,
    ],
  },
  {
    what: 'the last car first',
    options: { evses: 2, config: { selection_algorithm: 'PlugEventsLIFO' } },
    actions: { A: swipe('A'), B: swipe('B'), 'plug 1': plug(1), 'plug 2': plug(2) },
    always: (race) => [
      (race.begun('A') !== 1 || race.begun('B') !== 1) &&
        `A began ${race.begun('A')}, B ${race.begun('B')} transactions`,
    ],
  },
  {
    what: 'a card while a remote start waits for its car',
    options: { evses: 2, config: { selection_algorithm: 'PlugEvents' } },
    actions: {
      remote: (race) => race.remoteStart('R', [1, 2]),
      A: swipe('A', 1),
      'plug 1': plug(1),
      'plug 2': plug(2),
    },
    always: (race) => [
      (race.begun('R') !== 1 || race.begun('A') > 1) && `R began ${race.begun('R')}, A ${race.begun('A')} transactions`,
    ],
  },
  {
    what: 'a card and a remote start for the same EVSE',
    options: {},
    actions: { remote: (race) => race.remoteStart('R', [1]), A: swipe('A', 1), plug: plug(1) },
    always: (race) => [race.evse(1).started.length !== 1 && `${race.evse(1).started.length} transactions`],
  },
  {
    what: 'the same card at two readers, twice',
    options: { evses: 2 },
    actions: { one: swipe('A', 1), two: swipe('A', 2), again: swipe('A', 1), plug: plug(1) },
  },
  {
    what: 'an EVSE that is disabled and enabled while a card is authorised',
    options: { evses: 2 },
    actions: {
      A: swipe('A', 1),
      disable: (race) => race.evse(1).disable(),
      enable: (race) => race.evse(1).enable(),
      plug: plug(1),
    },
  },
  {
    what: 'an EVSE that is disabled while two wait',
    options: { evses: 2, config: { selection_algorithm: 'PlugEvents' } },
    actions: {
      A: swipe('A'),
      B: swipe('B', 1),
      disable: (race) => race.evse(1).disable(),
      'plug 1': plug(1),
      'plug 2': plug(2),
    },
  },
  {
    what: 'a plug while a reservation comes, and the cards of both',
    options: {},
    actions: {
      reserve: (race) => race.reserve(7, 'RES', { evse_id: 1 }),
      plug: plug(1),
      OTHER: swipe('OTHER', 1),
      RES: swipe('RES', 1),
    },
    always: (race) => [race.evse(1).started.length > 1 && `${race.evse(1).started.length} transactions`],
  },
  {
    what: 'a reservation that is made, replaced and cancelled while its card comes',
    options: { evses: 2 },
    actions: {
      reserve: (race) => race.reserve(7, 'RES', { evse_id: 1 }),
      replace: (race) => race.reserve(7, 'RES', { evse_id: 2 }),
      cancel: (race) => void race.auth.reservations.cancel(7),
      RES: swipe('RES', 1),
      plug: plug(2),
    },
  },
  {
    what: 'a reservation of any EVSE, and those who come without one',
    options: { evses: 2 },
    actions: {
      reserve: (race) => race.reserve(7, 'RES'),
      OTHER: swipe('OTHER', 1),
      MORE: swipe('MORE', 2),
      'plug 1': plug(1),
      RES: swipe('RES', 2),
    },
    always: (race) => [
      race.reservationUpdates.includes('7 Removed') && 'the reservation was given up',
      race.reservationAnswers.includes('7 Accepted') &&
        race.ends('OTHER')[0] === 'UsedToStart' &&
        race.ends('MORE')[0] === 'UsedToStart' &&
        'both EVSEs were given away',
    ],
  },
  {
    what: 'two reservations of any EVSE and one of one',
    options: { evses: 2 },
    actions: {
      one: (race) => race.reserve(1, 'ONE'),
      two: (race) => race.reserve(2, 'TWO'),
      bound: (race) => race.reserve(3, 'BOUND', { evse_id: 1 }),
      ONE: swipe('ONE', 1),
      BOUND: swipe('BOUND', 1),
    },
    always: (race) => [
      race.reservationAnswers.filter((answer) => answer.endsWith('Accepted')).length > 3 &&
        'more than there is room for',
      race.reservationUpdates.some((update) => update.endsWith('Removed')) && 'a reservation was given up',
    ],
  },
  {
    what: 'a withdrawal while the validator thinks, by EVSE',
    options: {},
    actions: { A: swipe('A', 1), withdraw: (race) => race.withdraw({ evse_id: 1 }), plug: plug(1), B: swipe('B', 1) },
  },
  {
    what: 'a withdrawal while a card waits for a plug, by card',
    options: { evses: 2, config: { selection_algorithm: 'PlugEvents' } },
    actions: {
      A: swipe('A'),
      withdraw: (race) => race.withdraw({ id_token: { value: 'A', type: 'ISO14443' } }),
      'plug 1': plug(1),
      'plug 2': plug(2),
      B: swipe('B'),
    },
    always: (race) => [
      race.withdrawals[0] === 'Accepted' &&
        race.evses.some(({ authorized }) => authorized?.id_token.value === 'A') &&
        'A charges though it was withdrawn',
    ],
  },
  {
    what: 'two cards of a group',
    options: { evses: 2, cards: { G1: { group: 'G' }, G2: { group: 'G', afterMs: 20 } } },
    actions: { G1: swipe('G1'), G2: swipe('G2'), 'plug 1': plug(1), 'plug 2': plug(2) },
  },
  {
    what: 'two cards of a group where stopping comes first',
    options: {
      evses: 2,
      config: { prioritize_authorization_over_stopping_transaction: false },
      cards: { G1: { group: 'G' }, G2: { group: 'G', afterMs: 20 } },
    },
    actions: { G1: swipe('G1'), G2: swipe('G2'), 'plug 1': plug(1), 'plug 2': plug(2) },
  },
  {
    what: 'the master card among two others',
    options: { evses: 2, config: { master_pass_group_id: 'M' }, cards: { CHIEF: { group: 'M', afterMs: 20 } } },
    actions: { A: swipe('A', 1), B: swipe('B', 2), CHIEF: swipe('CHIEF'), 'plug 1': plug(1), 'plug 2': plug(2) },
    always: (race) => [race.begun('CHIEF') > 0 && 'the master card charges'],
  },
  {
    what: 'a car that leaves while its card is authorised',
    options: {},
    actions: { A: swipe('A', 1), plug: plug(1), unplug: (race) => race.evse(1).unplug(), B: swipe('B', 1) },
  },
  {
    what: 'a car that waits too long, and its card at that very moment',
    options: { evses: 2, config: { plug_in_timeout_enabled: true } },
    actions: {
      plug: plug(1),
      'its time': (race) => race.evse(2).plug(),
      A: swipe('A', 1),
      B: swipe('B', 2),
    },
  },
];

/** Between one and the next: nothing, less than a word takes, less than a validator thinks, more than that, and almost the whole timeout. */
const GAPS_MS: readonly (readonly number[])[] = [
  [0],
  [5],
  [15],
  [35],
  [70],
  [150],
  [0, 60],
  [60, 0],
  [15, 100, 5],
  [19_990],
  [20_005, 0],
];

function* orders(names: readonly string[]): Generator<readonly string[]> {
  if (names.length === 0) yield [];
  for (const name of names) for (const rest of orders(names.filter((other) => other !== name))) yield [name, ...rest];
}

async function run(story: Story, order: readonly string[], gaps: readonly number[]): Promise<string[]> {
  const race = new Race(story.options);
  const isHurried = gaps.every((gapMs) => gapMs < 1_000);
  for (const [at, name] of order.entries()) {
    story.actions[name]?.(race);
    await race.clock.advance(gaps[at % gaps.length] ?? 0);
  }
  await race.clock.advance(1_000);
  const broken = race.whenQuiet();
  await race.clock.advance(300_000);
  return [
    ...broken,
    ...race.whenQuiet(),
    ...race.atTheEnd(),
    ...(isHurried ? (story.always?.(race) ?? []) : []).filter((one) => one !== false),
  ];
}

describe('whatever comes first, and however soon the next', () => {
  test.each(stories)('$what', async (story) => {
    const broken: string[] = [];
    for (const order of orders(Object.keys(story.actions)))
      for (const gaps of GAPS_MS)
        for (const found of await run(story, order, gaps))
          broken.push(`${order.join(', ')} (${gaps.join(', ')} ms): ${found}`);
    expect(broken).toEqual([]);
  });
});
