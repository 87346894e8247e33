import { encodeCommand, encodeVariable, Topics } from '@chargemesh/framework';
import type { EvseLayout } from '@chargemesh/manager';
import type { Oracle } from '../../src/oracles/oracle.ts';
import type { World } from '../../src/world/world.ts';

export const layout: EvseLayout = { evse: 1, moduleId: 'evse', connectorId: 1, boardId: 'board', car: undefined };
const topics = new Topics();
export const world: World = { topics, slackMs: 0 } as World;

/** Tells an oracle what an EVSE and its board say and hear. */
export class PlayedEvse {
  readonly #oracle: Oracle;
  atMs = 0;

  constructor(oracle: Oracle) {
    this.#oracle = oracle;
  }

  board(...events: string[]): this {
    for (const event of events) this.#say(topics.variable('board', 'board_support', 'event'), { event });
    return this;
  }

  session(event: string): this {
    return this.#say(topics.variable('evse', 'evse', 'session_event'), { event });
  }

  limit(limitA: number, valid_for: number = 1_000): this {
    const value = { valid_for, limits_root_side: { ac_max_current_A: { value: limitA } } };
    return this.#take(
      topics.command('evse', 'energy_grid', 'enforce_limits'),
      encodeCommand({ id: 'x', origin: 'grid', args: { value } }),
    );
  }

  duty(cp_pwm_duty_cycle: number): this {
    return this.#say(topics.variable('board', 'ev_board_support', 'bsp_measurement'), { cp_pwm_duty_cycle });
  }

  current(L1: number): this {
    return this.#say(topics.variable('board', 'powermeter', 'powermeter'), { current_A: { L1 } });
  }

  inoperative(active: boolean): this {
    const errors = active ? [{ type: 'evse_manager/Inoperative' }] : [];
    return this.#take(topics.keptErrors('evse', 'evse'), JSON.stringify(errors));
  }

  boardGone(): this {
    return this.#take(topics.status('board'), '{"state":"gone"}');
  }

  later(ms: number): this {
    this.atMs += ms;
    return this;
  }

  /** What the oracle has found. */
  findings(): string[] {
    return this.#oracle.end(this.atMs).map(({ message }) => message);
  }

  #say(topic: string, value: unknown): this {
    return this.#take(topic, encodeVariable(value));
  }

  #take(topic: string, payload: string): this {
    this.#oracle.take({ topic, payload, retained: false, atMs: this.atMs });
    return this;
  }
}
