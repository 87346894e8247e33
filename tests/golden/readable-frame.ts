import type { RecordedFrame } from './scenario.ts';

/** A frame without what differs from run to run. */
export interface ReadableFrame {
  readonly text: string;
  /** Left out of the text: it depends on when exactly a car was cut off. */
  readonly energyWh: number | undefined;
}

interface MeterValue extends Record<string, unknown> {
  readonly sampledValue: readonly SampledValue[];
}

interface SampledValue {
  readonly context?: string;
  readonly phase?: string;
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const timestamp = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g;
const reading = /("value":")-?\d+(\.\d+)?"/g;
/** How a station calls a file is its own choice. */
const fileName = /("fileName":")[^"]*"/g;
const csmsAddress = /(wss?:\/\/)?127\.0\.0\.1:\d+/g;

/**
 * What the station sends, and what it is asked, one line a frame; how a CSMS words its answers is not ours. Values aligned to the clock are
 * left out: whether any are due in a scenario depends on the time of day at which it is run. Of samples that follow each other at once only
 * the first one counts, since their number depends on a few milliseconds.
 */
export function readableFrames(frames: readonly RecordedFrame[]): ReadableFrame[] {
  const readable = frames.map(readableFrame).filter((frame) => frame !== undefined);
  return readable.filter(({ text }, at) => !isPeriodic(text) || text !== readable[at - 1]?.text);
}

/** A frame by what it says; undefined where that does not count. */
export function readableFrame({ dir, frame }: RecordedFrame): ReadableFrame | undefined {
  if (!Array.isArray(frame) || (dir === 'tx' && frame[0] !== 2)) return undefined;
  if (frame[2] === 'MeterValues' && frame[3].meterValue.every(isClockAligned)) return undefined;
  const meterStop: unknown = frame[2] === 'StopTransaction' ? frame[3].meterStop : undefined;
  const text = `${dir === 'tx' ? 'asked: ' : ''}${words(frame)}`;
  return { text: comparable(text), energyWh: typeof meterStop === 'number' ? meterStop : undefined };
}

function words(frame: readonly unknown[]): string {
  switch (frame[0]) {
    case 2:
      return `${frame[2]} ${json(frame[3])}`;
    case 3:
      return `answer ${json(frame[2])}`;
    default:
      return `error ${frame[2]}`;
  }
}

function json(payload: unknown): string {
  return JSON.stringify(payload, (key, value: unknown) => {
    if (key === 'transactionData') return withoutRepeats((value as MeterValue[]).filter((one) => !isClockAligned(one)));
    // EVerest knows the current of the neutral conductor, and leaves it out.
    if (key === 'sampledValue') return (value as SampledValue[]).filter(({ phase }) => phase !== 'N');
    return key === 'meterStop' ? 'ENERGY' : isPlain(value) ? sorted(value) : value;
  });
}

function withoutRepeats(values: readonly MeterValue[]): MeterValue[] {
  const texts = values.map((value) => comparable(json(value)));
  return values.filter((_, at) => texts[at] !== texts[at - 1]);
}

function comparable(text: string): string {
  const plain = text
    .replace(uuid, 'UUID')
    .replace(timestamp, 'TIME')
    .replace(reading, '$1NUMBER"')
    .replace(fileName, '$1FILE"')
    .replace(csmsAddress, 'CSMS');
  // The signed value of a begin bears the CSMS's id where that was known in time: the reference shows both.
  return plain.startsWith('MeterValues') && plain.includes('"Transaction.Begin"')
    ? plain.replace(/,"transactionId":\d+/, '')
    : plain;
}

function isPeriodic(text: string): boolean {
  return text.startsWith('MeterValues') && text.includes('"Sample.Periodic"');
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
