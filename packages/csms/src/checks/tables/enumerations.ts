/** The enumerations of OCPP 1.6 that more than one message, or a rule, needs. @see OCPP 1.6 edition 2, section 7 */

export const AUTHORIZATION_STATUS: readonly string[] = ['Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx'];

/** 7.7 ChargePointStatus */
export const CHARGE_POINT_STATUS = [
  'Available',
  'Preparing',
  'Charging',
  'SuspendedEV',
  'SuspendedEVSE',
  'Finishing',
  'Reserved',
  'Unavailable',
  'Faulted',
] as const;

/** The status of a connector as StatusNotification tells it. */
export type ChargePointStatus = (typeof CHARGE_POINT_STATUS)[number];

/** 7.6 ChargePointErrorCode */
export const ERROR_CODE: readonly string[] = [
  'ConnectorLockFailure',
  'EVCommunicationError',
  'GroundFailure',
  'HighTemperature',
  'InternalError',
  'LocalListConflict',
  'NoError',
  'OtherError',
  'OverCurrentFailure',
  'OverVoltage',
  'PowerMeterFailure',
  'PowerSwitchFailure',
  'ReaderFailure',
  'ResetFailure',
  'UnderVoltage',
  'WeakSignal',
];

/** 7.36 Reason */
export const STOP_REASON: readonly string[] = [
  'DeAuthorized',
  'EmergencyStop',
  'EVDisconnected',
  'HardReset',
  'Local',
  'Other',
  'PowerLoss',
  'Reboot',
  'Remote',
  'SoftReset',
  'UnlockCommand',
];

/** 7.35 ReadingContext */
export const READING_CONTEXT: readonly string[] = [
  'Interruption.Begin',
  'Interruption.End',
  'Other',
  'Sample.Clock',
  'Sample.Periodic',
  'Transaction.Begin',
  'Transaction.End',
  'Trigger',
];

/** 7.32 Phase */
export const PHASE: readonly string[] = ['L1', 'L2', 'L3', 'N', 'L1-N', 'L2-N', 'L3-N', 'L1-L2', 'L2-L3', 'L3-L1'];

const ENERGY = ['Wh', 'kWh'];
const REACTIVE_ENERGY = ['varh', 'kvarh'];
const POWER = ['W', 'kW', 'VA', 'kVA'];
const REACTIVE_POWER = ['var', 'kvar'];

/** 7.31 Measurand with the units of 7.45 that mean something for it; an empty list where the table of units has none. */
export const MEASURAND_UNITS: Readonly<Record<string, readonly string[]>> = {
  'Current.Export': ['A'],
  'Current.Import': ['A'],
  'Current.Offered': ['A'],
  'Energy.Active.Export.Register': ENERGY,
  'Energy.Active.Import.Register': ENERGY,
  'Energy.Reactive.Export.Register': REACTIVE_ENERGY,
  'Energy.Reactive.Import.Register': REACTIVE_ENERGY,
  'Energy.Active.Export.Interval': ENERGY,
  'Energy.Active.Import.Interval': ENERGY,
  'Energy.Reactive.Export.Interval': REACTIVE_ENERGY,
  'Energy.Reactive.Import.Interval': REACTIVE_ENERGY,
  Frequency: [],
  'Power.Active.Export': POWER,
  'Power.Active.Import': POWER,
  'Power.Factor': [],
  'Power.Offered': POWER,
  'Power.Reactive.Export': REACTIVE_POWER,
  'Power.Reactive.Import': REACTIVE_POWER,
  RPM: [],
  SoC: ['Percent'],
  Temperature: ['Celsius', 'Fahrenheit', 'K'],
  Voltage: ['V'],
};

export const MEASURAND: readonly string[] = Object.keys(MEASURAND_UNITS);

/** 7.45 UnitOfMeasure */
export const UNIT: readonly string[] = [...new Set(Object.values(MEASURAND_UNITS).flat())];
