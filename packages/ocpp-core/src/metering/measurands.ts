import type { Measurand } from '../schemas/messages.ts';

/** Every measurand of OCPP 1.6. @see OCPP 1.6, 7.31 */
export const measurands: readonly Measurand[] = [
  'Current.Export',
  'Current.Import',
  'Current.Offered',
  'Energy.Active.Export.Interval',
  'Energy.Active.Export.Register',
  'Energy.Active.Import.Interval',
  'Energy.Active.Import.Register',
  'Energy.Reactive.Export.Interval',
  'Energy.Reactive.Export.Register',
  'Energy.Reactive.Import.Interval',
  'Energy.Reactive.Import.Register',
  'Frequency',
  'Power.Active.Export',
  'Power.Active.Import',
  'Power.Factor',
  'Power.Offered',
  'Power.Reactive.Export',
  'Power.Reactive.Import',
  'RPM',
  'SoC',
  'Temperature',
  'Voltage',
];

const NAMES: ReadonlySet<string> = new Set(measurands);

/** Whether OCPP 1.6 has a measurand of this name. */
export function isMeasurand(name: string): name is Measurand {
  return NAMES.has(name);
}
