import { isRecord } from '../checks/field-check.ts';
import { DEFAULT_MEASURAND } from '../checks/message-sense.ts';
import { timeOf } from './requests.ts';

/** What one MeterValue (a moment) says of the things that the ledger follows. */
export interface Moment {
  readonly timestamp: string;
  readonly atMs: number;
  /** Sample.Periodic where it does not say. */
  readonly context: string;
  /** Energy.Active.Import.Register without a phase, in Wh. */
  readonly energyWh?: number;
  /** Power.Active.Import without a phase, in W. */
  readonly powerW?: number;
  /** Current.Import; the highest of the phases where there is no total, in A. */
  readonly currentA?: number;
  /** SoC in percent. */
  readonly socPercent?: number;
}

/** Reads the meterValue of MeterValues.req, or transactionData. What cannot be read is left out. */
export function readMoments(meterValues: unknown): Moment[] {
  if (!Array.isArray(meterValues)) return [];
  const moments: Moment[] = [];
  for (const meterValue of meterValues) {
    const moment = isRecord(meterValue) ? readMoment(meterValue) : undefined;
    if (moment !== undefined) moments.push(moment);
  }
  return moments;
}

/** Reads a moment that was written as JSON; undefined where it is something else. */
export function restoreMoment(json: unknown): Moment | undefined {
  if (!isRecord(json)) return undefined;
  const { timestamp, atMs, context } = json;
  if (typeof timestamp !== 'string' || typeof atMs !== 'number' || typeof context !== 'string') return undefined;
  const values = (['energyWh', 'powerW', 'currentA', 'socPercent'] as const).flatMap((name) => {
    const known = json[name];
    return typeof known === 'number' ? [[name, known] as const] : [];
  });
  return { timestamp, atMs, context, ...Object.fromEntries(values) };
}

function readMoment(meterValue: Readonly<Record<string, unknown>>): Moment | undefined {
  const atMs = timeOf(meterValue.timestamp);
  if (atMs === undefined || !Array.isArray(meterValue.sampledValue)) return undefined;
  const samples = meterValue.sampledValue.filter(isRecord);
  const context = samples.map((sample) => sample.context).find((value) => typeof value === 'string');
  const energyWh = value(samples, DEFAULT_MEASURAND);
  const powerW = value(samples, 'Power.Active.Import');
  const currentA = value(samples, 'Current.Import') ?? highest(samples, 'Current.Import');
  const socPercent = value(samples, 'SoC');
  return {
    timestamp: String(meterValue.timestamp),
    atMs,
    context: context ?? 'Sample.Periodic',
    ...(energyWh === undefined ? {} : { energyWh }),
    ...(powerW === undefined ? {} : { powerW }),
    ...(currentA === undefined ? {} : { currentA }),
    ...(socPercent === undefined ? {} : { socPercent }),
  };
}

type Sample = Readonly<Record<string, unknown>>;

function value(samples: readonly Sample[], measurand: string): number | undefined {
  const sample = samples.find((candidate) => measures(candidate, measurand) && candidate.phase === undefined);
  return sample && number(sample);
}

function highest(samples: readonly Sample[], measurand: string): number | undefined {
  const values = samples.filter((candidate) => measures(candidate, measurand)).map(number);
  const known = values.filter((candidate) => candidate !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function measures(sample: Sample, measurand: string): boolean {
  return sample.format !== 'SignedData' && (sample.measurand ?? DEFAULT_MEASURAND) === measurand;
}

function number(sample: Sample): number | undefined {
  const read = typeof sample.value === 'string' && sample.value.trim() !== '' ? Number(sample.value) : Number.NaN;
  if (!Number.isFinite(read)) return undefined;
  return sample.unit === 'kWh' || sample.unit === 'kW' ? read * 1000 : read;
}
