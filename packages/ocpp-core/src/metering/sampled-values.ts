import { formatTimestamp } from '@chargemesh/base';
import type {
  Measurand,
  MeterLocation,
  MeterPhase,
  MeterUnit,
  MeterValue,
  ReadingContext,
  SampledValue,
} from '../schemas/messages.ts';
import { isMeasurand } from './measurands.ts';
import type { MeterReading, PhaseValues } from './meter-reading.ts';

/** Energy in whole watt-hours, rounded half up, kept within OCPP's 32-bit integer (D21, A-12). */
export function roundEnergyWh(wh: number): number {
  if (Number.isNaN(wh)) return 0;
  return Math.min(2_147_483_647, Math.max(-2_147_483_648, Math.floor(wh + 0.5)));
}

/**
 * The values of one reading that a list of measurands asks for, each by sum and by phase as far as it was measured.
 * @returns undefined where nothing of it was measured: such a message is not sent
 * @see OCPP 1.6, 7.43 SampledValue
 */
export function buildMeterValue(
  reading: MeterReading,
  measurands: readonly Measurand[],
  context: ReadingContext,
): MeterValue | undefined {
  const sampledValue = [...new Set(measurands)].flatMap((measurand) =>
    valuesOf(reading, measurand).map((value) => sampled(measurand, value, context)),
  );
  if (sampledValue.length === 0) return undefined;
  return { sampledValue, timestamp: formatTimestamp(reading.timestampMs) };
}

/** A meter's signed record: the text alone, without measurand and unit, since both are inside (C-51). */
export function signedMeterValue(
  value: string,
  timestampMs: number,
  context: 'Transaction.Begin' | 'Transaction.End',
): MeterValue {
  return { sampledValue: [{ context, format: 'SignedData', value }], timestamp: formatTimestamp(timestampMs) };
}

/** The measurands that a configuration's list names. Names that OCPP or the station does not know are left out, as are repetitions. */
export function parseMeasurands(list: string, supported: string): readonly Measurand[] {
  const known = new Set(namesOf(supported));
  return [...new Set(namesOf(list))].filter(isMeasurand).filter((name) => known.has(name));
}

/** The items of a comma-separated list; blanks around them do not count. */
function namesOf(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** One number of a reading, before it becomes text. */
interface Value {
  readonly value: number;
  readonly phase?: MeterPhase;
  readonly location?: MeterLocation;
  readonly unit?: MeterUnit;
}

/** What each measurand takes from a reading. Those that are missing are known to OCPP, and no meter here gives them (C-43). */
const SOURCES: Partial<Record<Measurand, (reading: MeterReading) => readonly Value[]>> = {
  'Current.Import': ({ currentA }) => byPhase(currentA, { unit: 'A', location: 'Outlet' }),
  'Current.Offered': ({ currentOfferedA }) => offered(currentOfferedA, 'A'),
  'Energy.Active.Export.Register': ({ energyExportWh }) => byPhase(energyExportWh, { unit: 'Wh' }),
  'Energy.Active.Import.Register': ({ energyImportWh }) => byPhase(energyImportWh, { unit: 'Wh', location: 'Outlet' }),
  Frequency: ({ frequencyHz }) => gridFrequency(frequencyHz),
  'Power.Active.Import': ({ powerW }) => byPhase(powerW, { unit: 'W', location: 'Outlet' }),
  'Power.Offered': ({ powerOfferedW }) => offered(powerOfferedW, 'W'),
  SoC: ({ socPercent }) => (socPercent === undefined ? [] : [{ value: socPercent, unit: 'Percent', location: 'EV' }]),
  Temperature: ({ temperaturesC = [] }) =>
    temperaturesC.map(({ valueC, location }) => ({
      value: valueC,
      unit: 'Celsius',
      ...(isLocation(location) ? { location } : {}),
    })),
  Voltage: ({ voltageV }) => byPhase(voltageV, { unit: 'V', location: 'Outlet' }),
};

function valuesOf(reading: MeterReading, measurand: Measurand): readonly Value[] {
  return (SOURCES[measurand]?.(reading) ?? []).filter(({ value }) => Number.isFinite(value));
}

const PHASES = ['L1', 'L2', 'L3', 'N'] as const;

/** The sum first, then the phases. What flows on a DC line has no phase. */
function byPhase(values: PhaseValues | undefined, about: Pick<Value, 'unit' | 'location'>): readonly Value[] {
  if (!values) return [];
  const total = values.total ?? values.DC;
  return [
    ...(total === undefined ? [] : [{ value: total, ...about }]),
    ...PHASES.flatMap((phase) => {
      const value = values[phase];
      return value === undefined ? [] : [{ value, phase, ...about }];
    }),
  ];
}

/** One grid has one frequency, whichever phase it was measured on. OCPP 1.6 has no unit for it. */
function gridFrequency(values: PhaseValues | undefined): readonly Value[] {
  const value = values?.total ?? values?.L1 ?? values?.L2 ?? values?.L3;
  return value === undefined ? [] : [{ value }];
}

/** What is offered is told in whole units, rounded down, and always: nothing offered is an offer of 0 (C-45). */
function offered(value: number | undefined, unit: MeterUnit): readonly Value[] {
  return [{ value: Math.floor(value ?? 0), unit, location: 'Outlet' }];
}

const LOCATIONS: ReadonlySet<string> = new Set<MeterLocation>(['Body', 'Cable', 'EV', 'Inlet', 'Outlet']);

function isLocation(text: string | undefined): text is MeterLocation {
  return text !== undefined && LOCATIONS.has(text);
}

function sampled(measurand: Measurand, { value, phase, location, unit }: Value, context: ReadingContext): SampledValue {
  return {
    context,
    format: 'Raw',
    ...(location === undefined ? {} : { location }),
    measurand,
    ...(phase === undefined ? {} : { phase }),
    ...(unit === undefined ? {} : { unit }),
    value: twoDecimals(value),
  };
}

function twoDecimals(value: number): string {
  const text = value.toFixed(2);
  return text === '-0.00' ? '0.00' : text;
}
