import type { Configuration } from '../configuration/configuration.ts';
import type { Measurand, MeterValue, ReadingContext, SampledValue } from '../schemas/messages.ts';
import type { MeterReading } from './meter-reading.ts';
import { buildMeterValue, parseMeasurands } from './sampled-values.ts';

/** One sample of a running transaction: what a MeterValues tells now, and what is kept for its StopTransaction. */
export interface Sample {
  /** Undefined where nothing of what is asked for was measured: no message. */
  readonly message: MeterValue | undefined;
  /** To be collected until the transaction ends; undefined where StopTransaction is to carry nothing of it. */
  readonly record: MeterValue | undefined;
}

/** The lists of measurands that count in a context: for the message, for StopTransaction. */
function listsOf(configuration: Configuration, context: ReadingContext): { message: string; record: string } {
  if (context === 'Sample.Clock')
    return { message: configuration.get('MeterValuesAlignedData'), record: configuration.get('StopTxnAlignedData') };
  return { message: configuration.get('MeterValuesSampledData'), record: configuration.get('StopTxnSampledData') };
}

/**
 * Takes one sample by the lists of the configuration. What StopTransaction is to carry is sampled though no MeterValues tells it.
 * @see OCPP 1.6, 9.1.17 … 9.1.24 (MeterValuesSampledData, StopTxnSampledData and their aligned sisters)
 */
export function takeSample(reading: MeterReading, configuration: Configuration, context: ReadingContext): Sample {
  const supported = configuration.get('SupportedMeasurands');
  const build = (list: string): MeterValue | undefined =>
    buildMeterValue(reading, parseMeasurands(list, supported), context);
  const { message, record } = listsOf(configuration, context);
  return { message: build(message), record: build(record) };
}

/**
 * The transactionData of a StopTransaction: the collected samples that the StopTxn lists ask for, and all signed values, thinned until
 * the message is no longer than MaxMessageSize.
 * @param collected in the order in which they were taken
 * @param payload the rest of the message, for its length
 * @returns undefined where nothing is to be told
 * @see OCPP 1.6, 6.49 (C-50, C-53)
 */
export function selectTransactionData(
  collected: readonly MeterValue[],
  configuration: Configuration,
  payload: object,
): readonly MeterValue[] | undefined {
  const supported = configuration.get('SupportedMeasurands');
  const aligned = new Set(parseMeasurands(configuration.get('StopTxnAlignedData'), supported));
  const others = new Set(parseMeasurands(configuration.get('StopTxnSampledData'), supported));
  const wanted = ({ measurand, context }: SampledValue): boolean =>
    measurand === undefined || asked(context === 'Sample.Clock' ? aligned : others, measurand);
  const selected = collected
    .map(({ sampledValue, timestamp }) => ({ sampledValue: sampledValue.filter(wanted), timestamp }))
    .filter(({ sampledValue }) => sampledValue.length > 0);
  if (selected.length === 0) return undefined;
  return thin(selected, configuration.get('MaxMessageSize') - FRAME_BYTES - bytesOf(payload));
}

function asked(list: ReadonlySet<Measurand>, measurand: Measurand): boolean {
  return list.has(measurand);
}

/** What the frame and the fields that are put in at sending (transactionId) take at most. */
const FRAME_BYTES = 160;

/** Leaves out every second element, never the first or the last, until they fit or two are left. */
function thin(data: readonly MeterValue[], roomBytes: number): readonly MeterValue[] {
  let kept = data.map((value) => ({ value, bytes: bytesOf(value) + 1 }));
  while (kept.length > 2 && kept.reduce((sum, { bytes }) => sum + bytes, 0) > roomBytes) {
    const last = kept.length - 1;
    kept = kept.filter((_, index) => index % 2 === 0 || index === last);
  }
  return kept.map(({ value }) => value);
}

function bytesOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}
