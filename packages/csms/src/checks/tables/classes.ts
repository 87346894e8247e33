import { AUTHORIZATION_STATUS, MEASURAND, PHASE, READING_CONTEXT, UNIT } from './enumerations.ts';
import { type Field, integer, list, object, oneOf, tenth, text, time } from './field.ts';

/** The classes that several messages of OCPP 1.6 share. @see OCPP 1.6 edition 2, section 7 */

/** 7.27 IdToken: CiString20. An empty one identifies nobody. */
export const ID_TOKEN: Field = text(20, 1);

/** 7.26 IdTagInfo */
export const ID_TAG_INFO: Field = object({
  'expiryDate?': time,
  'parentIdTag?': ID_TOKEN,
  status: oneOf(AUTHORIZATION_STATUS),
});

/** 7.43 SampledValue */
const SAMPLED_VALUE = object({
  value: text(),
  'context?': oneOf(READING_CONTEXT),
  'format?': oneOf(['Raw', 'SignedData']),
  'measurand?': oneOf(MEASURAND),
  'phase?': oneOf(PHASE),
  'location?': oneOf(['Body', 'Cable', 'EV', 'Inlet', 'Outlet']),
  'unit?': oneOf(UNIT),
});

/** 7.33 MeterValue */
export const METER_VALUE: Field = object({ timestamp: time, sampledValue: list(SAMPLED_VALUE) });

/** 7.13 ChargingSchedule, 7.14 ChargingSchedulePeriod */
export const CHARGING_SCHEDULE: Field = object({
  'duration?': integer(0),
  'startSchedule?': time,
  chargingRateUnit: oneOf(['W', 'A']),
  chargingSchedulePeriod: list(object({ startPeriod: integer(0), limit: tenth(0), 'numberPhases?': integer(1) })),
  'minChargingRate?': tenth(0),
});

/** 7.8 ChargingProfile */
export const CHARGING_PROFILE: Field = object({
  chargingProfileId: integer(),
  'transactionId?': integer(),
  stackLevel: integer(0),
  chargingProfilePurpose: oneOf(['ChargePointMaxProfile', 'TxDefaultProfile', 'TxProfile']),
  chargingProfileKind: oneOf(['Absolute', 'Recurring', 'Relative']),
  'recurrencyKind?': oneOf(['Daily', 'Weekly']),
  'validFrom?': time,
  'validTo?': time,
  chargingSchedule: CHARGING_SCHEDULE,
});
