import type { ConnectorLockInterface, EvseBoardSupportInterface, PowermeterInterface } from '@chargemesh/contracts';

type BoardError = EvseBoardSupportInterface['errors'];
type LockError = ConnectorLockInterface['errors'];
type MeterError = PowermeterInterface['errors'];

/** An error that somebody wants to see, and the implementation whose interface lists it. */
export type InjectedError =
  | { readonly target: 'board_support'; readonly type: BoardError }
  | { readonly target: 'connector_lock'; readonly type: LockError }
  | { readonly target: 'powermeter'; readonly type: MeterError };

/** A message of the topic `…/carsim/error`, read. */
export type Injection =
  | { readonly error: InjectedError; readonly raise: boolean }
  /** Why the message is of no use, fit for a log line. */
  | { readonly problem: string };

const boardErrors = [
  'DiodeFault',
  'BrownOut',
  'EnergyManagement',
  'PermanentFault',
  'MREC2GroundFailure',
  'MREC3HighTemperature',
  'MREC4OverCurrentFailure',
  'MREC5OverVoltage',
  'MREC6UnderVoltage',
  'MREC8EmergencyStop',
  'MREC10InvalidVehicleMode',
  'MREC14PilotFault',
  'MREC15PowerLoss',
  'MREC17EVSEContactorFault',
  'MREC18CableOverTempDerate',
  'MREC19CableOverTempStop',
  'MREC20PartialInsertion',
  'MREC23ProximityFault',
  'MREC24ConnectorVoltageHigh',
  'MREC25BrokenLatch',
  'MREC26CutCable',
  'TiltDetected',
  'WaterIngressDetected',
  'EnclosureOpen',
  'VendorError',
  'VendorWarning',
  'CommunicationFault',
  'VentilationNotAvailable',
] as const;
const rcdErrors = ['MREC2GroundFailure', 'VendorError', 'VendorWarning', 'Selftest', 'AC', 'DC'] as const;
const lockErrors = [
  'ConnectorLockCapNotCharged',
  'ConnectorLockUnexpectedOpen',
  'ConnectorLockUnexpectedClose',
  'ConnectorLockFailedLock',
  'ConnectorLockFailedUnlock',
  'MREC1ConnectorLockFailure',
  'VendorError',
  'VendorWarning',
] as const;
const meterErrors = ['CommunicationFault', 'VendorError', 'VendorWarning'] as const;

/** The names that are accepted, with what they stand for. Full error types (`ac_rcd/DC`) work as well as the short names. */
export const injectableErrors: ReadonlyMap<string, InjectedError> = new Map<string, InjectedError>([
  ...boardErrors.flatMap((name): [string, InjectedError][] => {
    const error = { target: 'board_support', type: `evse_board_support/${name}` } as const;
    return [
      [name, error],
      [error.type, error],
    ];
  }),
  ...rcdErrors.flatMap((name): [string, InjectedError][] => {
    const error = { target: 'board_support', type: `ac_rcd/${name}` } as const;
    return [
      [`ac_rcd_${name}`, error],
      [error.type, error],
    ];
  }),
  ...lockErrors.flatMap((name): [string, InjectedError][] => {
    const error = { target: 'connector_lock', type: `connector_lock/${name}` } as const;
    return [
      [`lock_${name}`, error],
      [`lock_${name.replace(/^ConnectorLock/, '')}`, error],
      [error.type, error],
    ];
  }),
  ...meterErrors.map((name): [string, InjectedError] => {
    const error = { target: 'powermeter', type: `powermeter/${name}` } as const;
    return [error.type, error];
  }),
]);

/** Reads `{"error_type": "MREC6UnderVoltage", "raise": "true"}`. `raise` is text in the messages of EVerest's tools; a boolean will do. */
export function readInjection(payload: string): Injection {
  let message: unknown;
  try {
    message = JSON.parse(payload);
  } catch {
    return { problem: 'the message is no JSON' };
  }
  if (typeof message !== 'object' || message === null || !('error_type' in message) || !('raise' in message))
    return { problem: 'the message lacks error_type or raise' };
  const raise = String(message.raise);
  if (raise !== 'true' && raise !== 'false') return { problem: `raise is ${raise}, neither true nor false` };
  const error = injectableErrors.get(String(message.error_type));
  if (!error) return { problem: `there is no error ${String(message.error_type)} to simulate` };
  return { error, raise: raise === 'true' };
}
