import { formatTimestamp } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { card, Station, verdict } from '../station.ts';
import { AuthModel, type Kind, type ModelCard, type ModelConfig } from './auth-model.ts';

jest.setTimeout(600_000);

const KINDS: readonly Exclude<Kind, 'Unknown'>[] = ['cType2', 'cType2', 'cCCS2'];

const CARDS: Readonly<Record<string, ModelCard>> = {
  A: { isAccepted: true },
  B: { isAccepted: true },
  SON: { isAccepted: true, group: 'FAMILY' },
  DAUGHTER: { isAccepted: true, group: 'FAMILY' },
  // The card whose id is the group's.
  FAMILY: { isAccepted: true },
  CHIEF: { isAccepted: true, group: 'MASTER' },
  BAD: { isAccepted: false },
};

type Action =
  | { readonly what: 'swipe'; readonly card: string; readonly evses: readonly number[] | undefined }
  | { readonly what: 'plug' | 'unplug' | 'break' | 'mend' | 'disable' | 'enable'; readonly evse: number }
  | {
      readonly what: 'reserve';
      readonly id: number;
      readonly card: string;
      readonly group: string | undefined;
      readonly evse: number | undefined;
      readonly kind: Kind;
      readonly forMs: number;
    }
  | { readonly what: 'cancel'; readonly id: number }
  | { readonly what: 'withdraw'; readonly evse: number | undefined; readonly card: string | undefined };

const anyCard = fc.constantFrom(...Object.keys(CARDS));
const anyEvse = fc.integer({ min: 1, max: KINDS.length });
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 1 });

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('swipe' as const),
      card: anyCard,
      evses: maybe(fc.uniqueArray(anyEvse, { minLength: 1, maxLength: 2 })),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('plug' as const), evse: anyEvse }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('unplug' as const), evse: anyEvse }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constantFrom(...(['break', 'mend', 'mend', 'mend', 'disable', 'enable', 'enable', 'enable'] as const)),
      evse: anyEvse,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('reserve' as const),
      id: fc.integer({ min: 1, max: 4 }),
      card: anyCard,
      group: fc.constantFrom(undefined, undefined, undefined, 'FAMILY'),
      evse: maybe(anyEvse),
      kind: fc.constantFrom<Kind>('cType2', 'cCCS2', 'Unknown'),
      // Never at the moment of anything else, which all happens in even milliseconds.
      forMs: fc.integer({ min: 0, max: 40_000 }).map((half) => 2 * half + 1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('cancel' as const), id: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('withdraw' as const), evse: maybe(anyEvse), card: maybe(anyCard) }),
  },
);

const anyConfig: fc.Arbitrary<ModelConfig> = fc.record({
  algorithm: fc.constantFrom('PlugEvents' as const, 'PlugEventsLIFO' as const, 'FindFirst' as const),
  startsFirst: fc.boolean(),
  stopsOnReswipe: fc.boolean(),
  plugInTimeout: fc.boolean(),
  master: maybe(fc.constant('MASTER')),
});

const anyStep = fc.record({
  action: anyAction,
  /** Time before it. */
  afterMs: fc.oneof(
    fc.constant(2),
    fc.integer({ min: 1, max: 4_000 }).map((half) => 2 * half),
    fc.constant(20_000),
  ),
});

/** The real one, with EVSEs that do at once what they are told. */
class Played {
  readonly station: Station;
  readonly #startMs: number;
  readonly #plugged = new Set<number>();

  constructor(config: ModelConfig) {
    this.station = new Station({
      types: [...KINDS],
      config: {
        selection_algorithm: config.algorithm,
        prioritize_authorization_over_stopping_transaction: config.startsFirst,
        stop_transaction_on_reswipe: config.stopsOnReswipe,
        plug_in_timeout_enabled: config.plugInTimeout,
        master_pass_group_id: config.master ?? '',
      },
    });
    this.#startMs = this.station.clock.wallMs();
    this.station.validators = [
      ({ id_token }) => {
        const { isAccepted, group } = CARDS[id_token.value] ?? { isAccepted: false };
        return verdict(isAccepted ? 'Accepted' : 'Blocked', group);
      },
    ];
    for (const { id, port } of this.station.auth.evses.all) {
      port.authorize = async (token, { authorization_status }) => {
        if (authorization_status === 'Accepted' && this.#plugged.has(id)) this.#begin(id, token);
      };
      port.withdraw = async () => {
        this.#tell(id, 'Deauthorized');
        if (!this.#plugged.has(id)) this.#tell(id, 'SessionFinished');
      };
      port.stop = async () => {
        this.#tell(id, 'TransactionFinished');
        return true;
      };
    }
  }

  /** What of it the model knows as well. */
  get view(): object {
    const { evses, queue, reservations } = this.station.auth;
    return {
      identifiers: evses.all.map(({ identifier }) => identifier?.token.id_token.value),
      transactions: evses.all.map(({ transactionActive }) => transactionActive),
      queue: queue.order,
      reservations: reservations.book.all.map(({ reservation_id }) => reservation_id),
    };
  }

  /** What it has published since the last call, in no order. */
  said(): { statuses: string[]; updates: string[] } {
    const { tokens, statuses, reservationUpdates } = this.station;
    const said = {
      statuses: statuses.map((status, at) => `${tokens[at]?.id_token.value} ${status}`).sort(),
      updates: [...reservationUpdates].sort(),
    };
    this.station.forget();
    return said;
  }

  async advance(ms: number): Promise<void> {
    await this.station.clock.advance(ms);
  }

  /** @returns what was answered, where something is */
  async act(action: Action): Promise<unknown> {
    const { auth, clock } = this.station;
    const answer = await this.#act(action, auth);
    await clock.settle();
    return answer;
  }

  async #act(action: Action, auth: Station['auth']): Promise<unknown> {
    switch (action.what) {
      case 'swipe':
        return void auth.take(card(action.card, action.evses && { connectors: [...action.evses] }));
      case 'plug':
        return this.#plug(action.evse);
      case 'unplug':
        if (this.#plugged.has(action.evse)) this.#leave(action.evse);
        return undefined;
      case 'break':
      case 'mend':
        return auth.sessions.takeFault(this.station.evse(action.evse), action.what === 'break');
      case 'disable':
        if (this.#plugged.has(action.evse) || this.station.evse(action.evse).identifier) this.#leave(action.evse);
        return this.#tell(action.evse, 'Disabled');
      case 'enable':
        return this.#tell(action.evse, 'Enabled');
      case 'reserve': {
        const { id, card: id_token, group, evse, kind, forMs } = action;
        return await auth.reservations.make({
          reservation_id: id,
          id_token,
          expiry_time: formatTimestamp(this.station.clock.wallMs() + forMs),
          connector_type: kind,
          ...(group && { parent_id_token: group }),
          ...(evse !== undefined && { evse_id: evse }),
        });
      }
      case 'cancel':
        return await auth.reservations.cancel(action.id);
      case 'withdraw':
        return await auth.withdraw({
          ...(action.evse !== undefined && { evse_id: action.evse }),
          ...(action.card !== undefined && { id_token: { value: action.card, type: 'ISO14443' } }),
        });
    }
  }

  get nowMs(): number {
    return this.station.clock.wallMs() - this.#startMs;
  }

  #plug(id: number): void {
    const { usable, identifier } = this.station.evse(id);
    if (this.#plugged.has(id) || !usable) return;
    this.#plugged.add(id);
    const meter_value = { timestamp: '', energy_Wh_import: { total: 0 } };
    if (identifier) this.#begin(id, identifier.token);
    else this.#tell(id, 'SessionStarted', { session_started: { reason: 'EVConnected', meter_value } });
  }

  #leave(id: number): void {
    this.#plugged.delete(id);
    if (this.station.evse(id).transactionActive) this.#tell(id, 'TransactionFinished');
    this.#tell(id, 'SessionFinished');
  }

  #begin(id: number, id_tag: types.authorization.ProvidedIdToken): void {
    const meter_value = { timestamp: '', energy_Wh_import: { total: 0 } };
    this.#tell(id, 'TransactionStarted', { transaction_started: { id_tag, meter_value } });
  }

  #tell(
    id: number,
    event: types.evse_manager.SessionEventEnum,
    more: Partial<types.evse_manager.SessionEvent> = {},
  ): void {
    this.station.auth.sessions.take(this.station.evse(id), { uuid: 's', timestamp: '', event, ...more });
  }
}

function actOn(model: AuthModel, action: Action): unknown {
  const evseOf = (id: number) => model.evses[id - 1] as (typeof model.evses)[number];
  switch (action.what) {
    case 'swipe':
      return model.swipe(action.card, action.evses);
    case 'plug':
      return model.plug(evseOf(action.evse));
    case 'unplug':
      return model.unplug(evseOf(action.evse));
    case 'break':
      return model.fault(evseOf(action.evse), true);
    case 'mend':
      return model.fault(evseOf(action.evse), false);
    case 'disable':
      return model.disable(evseOf(action.evse));
    case 'enable':
      return model.enable(evseOf(action.evse));
    case 'reserve':
      return model.reserve({ ...action, endMs: model.nowMs + action.forMs });
    case 'cancel':
      return model.cancel(action.id);
    case 'withdraw':
      return model.withdraw(action.evse, action.card);
  }
}

function viewOf(model: AuthModel): object {
  return {
    identifiers: model.evses.map(({ identifier }) => identifier?.card),
    transactions: model.evses.map(({ transaction }) => transaction),
    queue: model.queue,
    reservations: model.reservations.map(({ id }) => id),
  };
}

function saidBy(model: AuthModel): { statuses: string[]; updates: string[] } {
  const said = { statuses: model.statuses.sort(), updates: model.updates.sort() };
  model.statuses = [];
  model.updates = [];
  return said;
}

test('whatever is done, identifiers, queue, reservations and all that is said are the model’s', async () => {
  const { PROPERTY_SEED, PROPERTY_PATH, PROPERTY_RUNS } = process.env;
  await fc.assert(
    fc.asyncProperty(
      anyConfig,
      fc.array(anyStep, { minLength: 10, maxLength: 40, size: 'max' }),
      async (config, steps) => {
        const model = new AuthModel(config, KINDS, CARDS);
        const played = new Played(config);
        const compare = (what: unknown): void => {
          expect({ what, ...played.view, ...played.said() }).toEqual({ what, ...viewOf(model), ...saidBy(model) });
        };
        for (const { action, afterMs } of steps) {
          await played.advance(afterMs);
          model.advanceTo(model.nowMs + afterMs);
          compare(`${afterMs} ms`);
          const answer = await played.act(action);
          expect({ action, answer }).toEqual({ action, answer: actOn(model, action) });
          compare(action);
        }
        await played.advance(300_000);
        model.advanceTo(model.nowMs + 300_000);
        compare('the end');
        expect(played.station.clock.nextDueMs()).toBeUndefined();
      },
    ),
    {
      numRuns: Number(PROPERTY_RUNS ?? 250),
      seed: Number(PROPERTY_SEED ?? 1),
      ...(PROPERTY_PATH === undefined ? {} : { path: PROPERTY_PATH }),
      endOnFailure: PROPERTY_PATH !== undefined,
    },
  );
});
