import { type Logger, parseTimestamp } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { type ChargePointApi, sessionId } from '@chargemesh/ocpp-core';
import { signedMeterValue } from './conversions/meter-reading.ts';
import { stopReasonFromEvse } from './conversions/stop-reason.ts';

type SessionEvent = types.evse_manager.SessionEvent;

/** The part of a charge point that sessions drive. */
export type SessionInputs = Pick<
  ChargePointApi,
  | 'sessionStarted'
  | 'transactionStarted'
  | 'chargingStarted'
  | 'pausedByEv'
  | 'pausedByEvse'
  | 'transactionFinished'
  | 'sessionFinished'
  | 'sessionResumed'
  | 'enabled'
  | 'disabled'
  | 'reservationStarted'
  | 'reservationEnded'
  | 'plugInTimeout'
>;

/** What only a session says that goes on, and the transaction of a previous run with it. */
const signsOfLife: ReadonlySet<SessionEvent['event']> = new Set([
  'ChargingStarted',
  'ChargingPausedEV',
  'ChargingPausedEVSE',
  'SwitchingPhases',
]);

/** Tells the charge point what an EVSE's session event means to OCPP. Events that mean nothing to it are left out. */
export function relaySessionEvent(inputs: SessionInputs, connectorId: number, event: SessionEvent, log: Logger): void {
  const timestampMs = parseTimestamp(event.timestamp) ?? 0;
  const id = sessionId(event.uuid);
  if (signsOfLife.has(event.event)) inputs.sessionResumed(id);
  switch (event.event) {
    case 'Enabled':
      inputs.enabled(connectorId);
      return;
    case 'Disabled':
      inputs.disabled(connectorId);
      return;
    case 'SessionStarted':
      inputs.sessionStarted(connectorId, {
        sessionId: id,
        reason: event.session_started?.reason ?? 'EVConnected',
      });
      return;
    case 'TransactionStarted': {
      const started = event.transaction_started;
      if (!started) {
        incomplete(log, event);
        return;
      }
      const signedStart = signedMeterValue(started.signed_meter_value, timestampMs);
      inputs.transactionStarted(connectorId, {
        sessionId: id,
        idTag: started.id_tag.id_token.value,
        meterStartWh: started.meter_value.energy_Wh_import.total,
        timestampMs,
        ...(started.reservation_id !== undefined && { reservationId: started.reservation_id }),
        ...(signedStart && { signedStart }),
      });
      return;
    }
    case 'ChargingStarted':
      inputs.chargingStarted(connectorId);
      return;
    case 'ChargingPausedEV':
      inputs.pausedByEv(connectorId);
      return;
    case 'ChargingPausedEVSE':
      inputs.pausedByEvse(connectorId, { reasons: event.charging_paused_evse?.reasons ?? [] });
      return;
    case 'SwitchingPhases':
      inputs.pausedByEvse(connectorId, { info: 'SwitchingPhases' });
      return;
    case 'TransactionFinished': {
      const finished = event.transaction_finished;
      if (!finished) {
        incomplete(log, event);
        return;
      }
      const signedStart = signedMeterValue(finished.start_signed_meter_value, timestampMs);
      const signedStop = signedMeterValue(finished.signed_meter_value, timestampMs);
      inputs.transactionFinished(connectorId, {
        sessionId: id,
        reason: stopReasonFromEvse(finished.reason),
        meterStopWh: finished.meter_value.energy_Wh_import.total,
        timestampMs,
        ...(finished.id_tag && { idTag: finished.id_tag.id_token.value }),
        ...(signedStart && { signedStart }),
        ...(signedStop && { signedStop }),
      });
      return;
    }
    case 'SessionFinished':
      inputs.sessionFinished(connectorId);
      return;
    case 'ReservationStart':
      inputs.reservationStarted(connectorId);
      return;
    case 'ReservationEnd':
      inputs.reservationEnded(connectorId);
      return;
    case 'PluginTimeout':
      inputs.plugInTimeout(connectorId);
      return;
    case 'SessionResumed':
      inputs.sessionResumed(id);
      return;
    case 'Authorized':
    case 'Deauthorized':
    case 'AuthRequired':
    case 'PrepareCharging':
    case 'StoppingCharging':
    case 'ChargingFinished':
      return;
  }
}

function incomplete(log: Logger, event: SessionEvent): void {
  log.error(`session event ${event.event} of session ${event.uuid} lacks its details and is left out`);
}
