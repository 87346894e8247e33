/**
 * Every rule that a station is held to: its code, which is stable, and what it says. A finding under one of these codes is a fault of
 * the station; what is legal and merely worth knowing (a resend) is counted in the ledger instead.
 */
export const RULES = {
  RPC_NOT_JSON: 'a frame is a JSON text',
  RPC_SHAPE: 'a frame is an array of the length and the types that its message type asks for',
  RPC_MESSAGE_TYPE: 'the message type is 2 (CALL), 3 (CALLRESULT) or 4 (CALLERROR)',
  RPC_ID: 'a message id is a string of 1 to 36 characters',
  RPC_ID_REUSED: 'a station does not use a message id for two CALLs on one connection',
  RPC_OUTSTANDING: 'a station sends no CALL before its last one is answered or has timed out',
  RPC_UNMATCHED: 'an answer belongs to a CALL of this connection that was not answered before',
  RPC_ERROR_CODE: 'the code of a CALLERROR is one of the table in OCPP-J',
  ACTION_UNKNOWN: 'the action of a CALL is one of OCPP 1.6 or its security extension',
  ACTION_DIRECTION: 'a station sends actions of a station only',
  SCHEMA: 'a payload passes the JSON schema of its message; extra properties are faults',
  FIELD_MISSING: 'a required field is there',
  FIELD_UNKNOWN: 'a message has no field that the specification does not name',
  FIELD_TYPE: 'a field has the JSON type that the specification asks for',
  FIELD_LENGTH: 'a text or a list keeps its limits (CiString20, 25, 50, 255, 500 …)',
  FIELD_ENUM: 'a field holds a value of its enumeration',
  FIELD_RANGE: 'a number is in its range',
  FIELD_DECIMALS: 'a charging limit has one decimal at most',
  FIELD_TIME: 'a time is UTC in ISO 8601 with a trailing Z and three fractional digits at most',
  METER_NUMBER: 'the value of a Raw sample is a decimal number',
  METER_UNIT: 'the unit of a sample fits its measurand',
  SCHEDULE_PERIODS: 'the periods of a schedule begin at 0 and rise',
  BOOT_NOT_ACCEPTED: 'before BootNotification is accepted a station sends nothing else that was not triggered',
  BOOT_TOO_EARLY: 'BootNotification is not repeated before the interval of the last answer has passed',
  STATUS_TRANSITION: 'a connector goes from one status to the next only as the table of transitions allows',
  STATUS_CONNECTOR_ZERO: 'connector 0 is Available, Unavailable or Faulted',
  STATUS_FAULT_CODE: 'Faulted comes with an error code',
  TX_START_REPEATED: 'a transaction is started once; it is sent again only while its answer may have been lost',
  TX_STOP_REPEATED: 'a transaction is stopped once; it is sent again only while its answer may have been lost',
  TX_RESEND_CHANGED: 'a resend repeats its payload to the byte',
  TX_CONNECTOR_BUSY: 'a connector has one open transaction at most',
  TX_STOP_UNKNOWN: 'StopTransaction names a transaction that was started by this station',
  TX_METER_UNKNOWN: 'MeterValues name a transaction that was started by this station',
  TX_METER_CLOSED: 'MeterValues of a transaction come before its StopTransaction',
  TX_CONNECTOR: 'MeterValues of a transaction name its connector',
  TX_METER_FALLS: 'the energy register never falls from meterStart over the samples to meterStop',
  TX_TIME_BACK: 'time never runs back from the start of a transaction over its samples to its stop',
} as const;

/** The stable name of a rule. */
export type RuleCode = keyof typeof RULES;

/** How a check tells what it found. */
export type Report = (rule: RuleCode, message: string) => void;

/** One fault of a station. */
export interface Violation {
  readonly station: string;
  /** When the CSMS saw it, ISO 8601. */
  readonly at: string;
  readonly rule: RuleCode;
  readonly message: string;
  /** The frame as it was received. */
  readonly frame: string;
}
