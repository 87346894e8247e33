import { checkFields, type Fields, messageTable } from '@chargemesh/csms';

/** What a frame of the CSMS has to be met with. */
export type Expectation =
  /** Nothing: it is no request, or nobody may be answered. */
  | { readonly kind: 'silence' }
  /** One answer under this id: a result where `result`, or a CALLERROR with one of these codes. */
  | {
      readonly kind: 'answer';
      readonly id: string;
      readonly action?: string;
      readonly result: boolean;
      readonly codes: readonly string[];
    };

/** What bears on the answer beside the frame. */
export interface Situation {
  /** The CSMS has accepted the station, or lets it wait. */
  readonly open: boolean;
  readonly profiles: readonly string[];
  /** What is broken on purpose: with a full disk InternalError is an answer, with failing hardware to a DataTransfer alone. */
  readonly broken: 'disk' | 'hardware' | undefined;
}

/** The actions that a station of this software takes, by the profile that has to be on. `always`: by their own word where it is off. */
const PROFILE_OF: Readonly<Record<string, string>> = {
  CancelReservation: 'Reservation',
  ChangeAvailability: 'Core',
  ChangeConfiguration: 'Core',
  ClearCache: 'Core',
  DataTransfer: 'Core',
  GetConfiguration: 'Core',
  GetDiagnostics: 'FirmwareManagement',
  GetLocalListVersion: 'always',
  RemoteStartTransaction: 'Core',
  RemoteStopTransaction: 'Core',
  ReserveNow: 'always',
  Reset: 'Core',
  SendLocalList: 'always',
  TriggerMessage: 'RemoteTrigger',
  UnlockConnector: 'Core',
  UpdateFirmware: 'FirmwareManagement',
};

/** The actions that the station takes. */
export const TAKEN: readonly string[] = Object.keys(PROFILE_OF);

const SILENCE: Expectation = { kind: 'silence' };
const NO_ID = '-1';
const LONGEST_ID = 36;

/** Says what has to follow a text, by OCPP-J and the rules of this software for errors, without a look at the code that answers. */
export function expectationOf(text: string, situation: Situation): Expectation {
  if (!situation.open) return SILENCE;
  const frame = parse(text);
  if (!Array.isArray(frame) || frame.length < 2) return refused(NO_ID, ['GenericError']);
  const [type, id, action, payload] = frame as readonly unknown[];
  if (typeof type !== 'number') return refused(NO_ID, ['GenericError']);
  if (type !== 2) return SILENCE;
  if (typeof id !== 'string' || id.length > LONGEST_ID) return refused(NO_ID, ['GenericError']);
  if (frame.length !== 4 || typeof action !== 'string') return refused(id, ['FormationViolation']);
  const table = messageTable(action);
  if (!table) return refused(id, ['NotImplemented']);
  const profile = PROFILE_OF[action];
  if (profile === undefined || !(profile === 'always' || situation.profiles.includes(profile)))
    return refused(id, ['NotSupported']);
  const { codes, result } = judge(table.request, payload);
  const mayFail = situation.broken === 'disk' || (situation.broken === 'hardware' && action === 'DataTransfer');
  return { kind: 'answer', id, action, result, codes: mayFail && result ? [...codes, 'InternalError'] : codes };
}

function refused(id: string, codes: readonly string[]): Expectation {
  return { kind: 'answer', id, result: false, codes };
}

/** Whether a payload is to be taken, by the tables; where these are stricter than the schemas, both is right. */
function judge(fields: Fields, payload: unknown): { result: boolean; codes: readonly string[] } {
  let [wrong, unreadable, doubtful] = [false, false, false];
  checkFields(fields, payload, (rule, message) => {
    switch (rule) {
      case 'FIELD_UNKNOWN':
        return;
      case 'FIELD_TIME':
        if (isHopeless(message)) unreadable = true;
        else doubtful = true;
        return;
      case 'FIELD_LENGTH':
        // Neither an empty text nor an empty list is refused by the schemas.
        if (message.endsWith('are allowed')) wrong = true;
        else doubtful = true;
        return;
      case 'FIELD_RANGE':
      case 'FIELD_DECIMALS':
        doubtful = true;
        return;
      default:
        wrong = true;
    }
  });
  if (wrong)
    return { result: false, codes: ['FormationViolation', ...(unreadable ? ['PropertyConstraintViolation'] : [])] };
  const codes = ['FormationViolation', 'PropertyConstraintViolation'];
  if (unreadable) return { result: false, codes };
  return { result: true, codes: doubtful ? codes : [] };
}

/** A text without the digits of a date is no time in any form. */
function isHopeless(message: string): boolean {
  return !/\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d/.test(message);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
