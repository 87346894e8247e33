import type { types } from '@chargemesh/contracts';
import type { StopReason } from '@chargemesh/ocpp-core';

type EvseReason = types.evse_manager.StopTransactionReason;

/** The reasons that both sides name alike; whatever else the EVSE says is OCPP's Other. */
const shared: Readonly<Record<StopReason, EvseReason>> = {
  DeAuthorized: 'DeAuthorized',
  EmergencyStop: 'EmergencyStop',
  EVDisconnected: 'EVDisconnected',
  HardReset: 'HardReset',
  Local: 'Local',
  Other: 'Other',
  PowerLoss: 'PowerLoss',
  Reboot: 'Reboot',
  Remote: 'Remote',
  SoftReset: 'SoftReset',
  UnlockCommand: 'UnlockCommand',
};

/** Why the EVSE ended a transaction, in OCPP's words. @see OCPP 1.6, 7.37 */
export function stopReasonFromEvse(reason: EvseReason | undefined): StopReason {
  return reason !== undefined && Object.hasOwn(shared, reason) ? (reason as StopReason) : 'Other';
}

/** Why OCPP wants a transaction ended, in the EVSE's words. */
export function stopReasonToEvse(reason: StopReason): EvseReason {
  return shared[reason];
}
