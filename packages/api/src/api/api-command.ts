import type { types } from '@chargemesh/contracts';
import type { WantedLimit } from './external-limits.ts';

type EnableDisableSource = types.evse_manager.EnableDisableSource;

/** What a program outside wants of an EVSE. */
export type ApiCommand =
  | { readonly kind: 'enable or disable'; readonly connectorId: number; readonly source: EnableDisableSource }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'unlock'; readonly connectorId: number }
  | { readonly kind: 'limit'; readonly limit: WantedLimit }
  | { readonly kind: 'random delay'; readonly what: 'enable' | 'disable' | 'cancel' }
  | { readonly kind: 'longest random delay'; readonly seconds: number };

const sources: readonly EnableDisableSource['enable_source'][] = [
  'Unspecified',
  'LocalAPI',
  'LocalKeyLock',
  'ServiceTechnician',
  'RemoteKeyLock',
  'MobileApp',
  'FirmwareUpdate',
  'CSMS',
];
const states: readonly EnableDisableSource['enable_state'][] = ['Unassigned', 'Disable', 'Enable'];
const delayWords = ['enable', 'disable', 'cancel'] as const;

const ours = (enable_state: EnableDisableSource['enable_state']): EnableDisableSource => ({
  enable_source: 'LocalAPI',
  enable_state,
  enable_priority: 100,
});

/**
 * Reads commands, by the last level of their topic.
 * @throws RangeError where the payload is none of the command's
 */
export const readCommand: Readonly<Record<string, (payload: string) => ApiCommand>> = {
  enable_disable: (payload) => {
    const wish = object(payload);
    const { enable_source, enable_state, enable_priority } = ours('Enable');
    return {
      kind: 'enable or disable',
      connectorId: whole('connector_id', wish.connector_id ?? 0, 0),
      source: {
        enable_source: oneOf('source', sources, wish.source ?? enable_source),
        enable_state: oneOf('state', states, wish.state ?? enable_state),
        enable_priority: whole('priority', wish.priority ?? enable_priority, 0, 10_000),
      },
    };
  },
  enable: (payload) => ({ kind: 'enable or disable', connectorId: connectorOf(payload, 0), source: ours('Enable') }),
  disable: (payload) => ({ kind: 'enable or disable', connectorId: connectorOf(payload, 0), source: ours('Disable') }),
  pause_charging: () => ({ kind: 'pause' }),
  resume_charging: () => ({ kind: 'resume' }),
  stop_charging: () => ({ kind: 'stop' }),
  force_unlock: (payload) => ({ kind: 'unlock', connectorId: connectorOf(payload, 1) }),
  set_limit_amps: (payload) => ({ kind: 'limit', limit: { kind: 'amps', amps: number('the limit', payload) } }),
  set_limit_watts: (payload) => ({ kind: 'limit', limit: { kind: 'watts', watts: number('the limit', payload) } }),
  set_limit_amps_phases: (payload) => {
    const { amps, phases } = object(payload);
    if (typeof amps !== 'number') throw new RangeError(`amps is no number: ${JSON.stringify(amps)}`);
    if (phases !== 1 && phases !== 3) throw new RangeError(`phases is neither 1 nor 3: ${JSON.stringify(phases)}`);
    return { kind: 'limit', limit: { kind: 'amps and phases', amps, phases } };
  },
  uk_random_delay: (payload) => ({ kind: 'random delay', what: oneOf('the word', delayWords, payload.trim()) }),
  uk_random_delay_set_max_duration_s: (payload) => ({
    kind: 'longest random delay',
    seconds: whole('the duration', number('the duration', payload), 0),
  }),
};

/** @param byDefault what an empty payload means */
function connectorOf(payload: string, byDefault: number): number {
  return payload.trim() === '' ? byDefault : whole('the connector', number('the connector', payload), 0);
}

function object(payload: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    throw new RangeError('it is no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RangeError('it is no JSON object');
  return Object.fromEntries(Object.entries(value));
}

function number(name: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new RangeError(`${name} is no number`);
  return value;
}

function whole(name: string, value: unknown, least: number, most: number = 2 ** 31 - 1): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw new RangeError(`${name} is no whole number from ${least} to ${most}: ${JSON.stringify(value)}`);
  return value;
}

function oneOf<T extends string>(name: string, known: readonly T[], value: unknown): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw new RangeError(`${name} is none of ${known.join(', ')}: ${JSON.stringify(value)}`);
  return found;
}
