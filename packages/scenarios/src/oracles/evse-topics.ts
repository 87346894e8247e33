import { decodeCommand, decodeVariable } from '@chargemesh/framework';
import type { EvseLayout } from '@chargemesh/manager';
import type { SeenMessage, World } from '../world/world.ts';

/** Something that was said to or by an EVSE or its board. */
export type EvseNews =
  | { readonly kind: 'board'; readonly event: string }
  /** Nothing of it is driven any more. */
  | { readonly kind: 'board gone' }
  /** What the car sees: 100 without PWM. */
  | { readonly kind: 'pwm'; readonly dutyPercent: number }
  | { readonly kind: 'limit'; readonly limitA: number; readonly validMs: number }
  | { readonly kind: 'session'; readonly event: string }
  | { readonly kind: 'inoperative'; readonly active: boolean }
  | { readonly kind: 'current'; readonly currentA: number };

const INOPERATIVE = 'evse_manager/Inoperative';

/** Reads what concerns one EVSE out of the messages of its mesh. */
export function evseNews(
  { moduleId, boardId }: EvseLayout,
  { topics }: World,
): (message: SeenMessage) => EvseNews | undefined {
  if (boardId === undefined) return () => undefined;
  const readers = new Map<string, (payload: string) => EvseNews | undefined>([
    [
      topics.variable(boardId, 'board_support', 'event'),
      (payload) => ({ kind: 'board', event: String(field(decodeVariable(payload), 'event')) }),
    ],
    [
      topics.variable(boardId, 'ev_board_support', 'bsp_measurement'),
      (payload) => ({ kind: 'pwm', dutyPercent: Number(field(decodeVariable(payload), 'cp_pwm_duty_cycle')) }),
    ],
    [topics.status(boardId), (payload) => (payload.includes('"gone"') ? { kind: 'board gone' } : undefined)],
    [topics.variable(moduleId, 'evse', 'session_event'), (payload) => session(decodeVariable(payload))],
    [
      topics.command(moduleId, 'energy_grid', 'enforce_limits'),
      (payload) => limit(field(decodeCommand(payload).args, 'value')),
    ],
    [
      topics.keptErrors(moduleId, 'evse'),
      (payload) => ({ kind: 'inoperative', active: payload.includes(`"${INOPERATIVE}"`) }),
    ],
    [topics.variable(boardId, 'powermeter', 'powermeter'), (payload) => current(decodeVariable(payload))],
  ]);
  return ({ topic, payload, retained }) => (retained || payload === '' ? undefined : readers.get(topic)?.(payload));
}

function session(value: unknown): EvseNews {
  return { kind: 'session', event: String(field(value, 'event')) };
}

function limit(value: unknown): EvseNews {
  const limitA = field(field(field(value, 'limits_root_side'), 'ac_max_current_A'), 'value');
  return {
    kind: 'limit',
    limitA: typeof limitA === 'number' ? limitA : Number.POSITIVE_INFINITY,
    validMs: Number(field(value, 'valid_for') ?? 0) * 1000,
  };
}

function current(value: unknown): EvseNews {
  const phases = field(value, 'current_A');
  const currents = ['L1', 'L2', 'L3'].map((phase) => Number(field(phases, phase) ?? 0));
  return { kind: 'current', currentA: Math.max(...currents) };
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}
