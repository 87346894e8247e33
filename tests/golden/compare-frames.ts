import type { RecordedFrame } from './scenario.ts';

/** Energies depend on when exactly a car was cut off. */
const ENERGY_TOLERANCE = 0.35;
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const timestamp = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g;

interface MeterValue extends Record<string, unknown> {
  readonly sampledValue: readonly { readonly context?: string }[];
}

interface Readable {
  readonly text: string;
  readonly energyWh: number | undefined;
}

/**
 * What the station sends, and what it is asked; how a CSMS words its answers is not ours. Values aligned to the clock are left out: whether
 * any are due in a scenario depends on the time of day at which it is run.
 */
function readable({ dir, frame }: RecordedFrame): Readable | undefined {
  if (!Array.isArray(frame) || (dir === 'tx' && frame[0] !== 2)) return undefined;
  if (frame[2] === 'MeterValues' && frame[3].meterValue.every(isClockAligned)) return undefined;
  let energyWh: number | undefined;
  const text = JSON.stringify([dir, ...frame], (key, value: unknown) => {
    if (key === 'meterStop') energyWh = Number(value);
    if (key === 'transactionData') return (value as MeterValue[]).filter((entry) => !isClockAligned(entry));
    return key === 'meterStop' ? 'ENERGY' : isPlain(value) ? sorted(value) : value;
  });
  return {
    text: comparable(text)
      .replace(uuid, 'UUID')
      .replace(timestamp, 'TIME')
      .replace(/"csms-\d+"/g, '"UUID"'),
    energyWh,
  };
}

/** The signed value of a begin bears the CSMS's id where that was known in time: the reference shows both. */
function comparable(text: string): string {
  return text.includes('"Transaction.Begin"') && text.includes('"MeterValues"')
    ? text.replace(/,"transactionId":\d+/, '')
    : text;
}

function isClockAligned({ sampledValue }: MeterValue): boolean {
  return sampledValue.every(({ context }) => context === 'Sample.Clock');
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Compares two recordings frame by frame: order, fields and values, times and message ids left out.
 * @returns one line a difference, empty where they are equal
 */
export function compareFrames(reference: readonly RecordedFrame[], ours: readonly RecordedFrame[]): string[] {
  const [want, have] = [reference, ours].map((frames) => frames.map(readable).filter((frame) => frame !== undefined));
  const differences: string[] = [];
  for (let at = 0; at < Math.max(want?.length ?? 0, have?.length ?? 0); at++) {
    const [a, b] = [want?.[at], have?.[at]];
    if (a?.text !== b?.text)
      differences.push(`frame ${at + 1}: ${a?.text ?? '(none)'}\n     ours: ${b?.text ?? '(none)'}`);
    else if (a?.energyWh !== undefined && Math.abs((b?.energyWh ?? 0) - a.energyWh) > a.energyWh * ENERGY_TOLERANCE)
      differences.push(`frame ${at + 1}: meterStop ${a.energyWh}, ours ${b?.energyWh}`);
  }
  return differences;
}
