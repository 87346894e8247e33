import { isRecord } from './field-check.ts';
import type { Report } from './rules.ts';
import { MEASURAND_UNITS } from './tables/enumerations.ts';

const DECIMAL = /^-?\d+(\.\d+)?$/;
/** What a sample is when it does not say. @see OCPP 1.6 edition 2, 7.43 */
export const DEFAULT_MEASURAND = 'Energy.Active.Import.Register';

/** Sense of the samples in MeterValues and in transactionData, beyond their types. */
export function checkSamples(meterValues: unknown, report: Report, path: string): void {
  for (const [at, meterValue] of entries(meterValues)) {
    if (!isRecord(meterValue)) continue;
    for (const [index, sample] of entries(meterValue.sampledValue))
      if (isRecord(sample)) checkSample(sample, report, `${path}/${at}/sampledValue/${index}`);
  }
}

function checkSample(sample: Readonly<Record<string, unknown>>, report: Report, path: string): void {
  if (sample.format === 'SignedData') return;
  if (typeof sample.value === 'string' && !DECIMAL.test(sample.value))
    report('METER_NUMBER', `${path}/value is ${JSON.stringify(sample.value)}, not a decimal number`);
  const measurand = typeof sample.measurand === 'string' ? sample.measurand : DEFAULT_MEASURAND;
  const units = MEASURAND_UNITS[measurand];
  if (units !== undefined && typeof sample.unit === 'string' && !units.includes(sample.unit))
    report('METER_UNIT', `${path}/unit is ${sample.unit}, which is no unit of ${measurand}`);
}

/** The periods of the schedule in an answer to GetCompositeSchedule. @see OCPP 1.6 edition 2, 7.14 */
export function checkSchedule(schedule: unknown, report: Report): void {
  if (!isRecord(schedule)) return;
  let lastS = -1;
  for (const [at, period] of entries(schedule.chargingSchedulePeriod)) {
    const startS = isRecord(period) ? period.startPeriod : undefined;
    if (typeof startS !== 'number') return;
    if (at === 0 ? startS !== 0 : startS <= lastS) {
      report(
        'SCHEDULE_PERIODS',
        `/chargingSchedule/chargingSchedulePeriod/${at} begins at ${startS}, after ${Math.max(lastS, 0)}`,
      );
      return;
    }
    lastS = startS;
  }
}

function entries(value: unknown): Iterable<[number, unknown]> {
  return Array.isArray(value) ? value.entries() : [];
}
