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

/** Tells the charge point what an EVSE's session event means to OCPP. Events that mean nothing to it are left out. */
export function relaySessionEvent(inputs: SessionInputs, connectorId: number, event: SessionEvent, log: Logger): void {
  const timestampMs = parseTimestamp(event.timestamp) ?? 0;
  const id = sessionId(event.uuid);
  switch (event.event) {
    case 'Enabled':
      return inputs.enabled(connectorId);
    case 'Disabled':
      return inputs.disabled(connectorId);
    case 'SessionStarted':
      return inputs.sessionStarted(connectorId, {
        sessionId: id,
        reason: event.session_started?.reason ?? 'EVConnected',
      });
    case 'TransactionStarted': {
      const started = event.transaction_started;
      if (!started) return incomplete(log, event);
      const signedStart = signedMeterValue(started.signed_meter_value, timestampMs);
      return inputs.transactionStarted(connectorId, {
        sessionId: id,
        idTag: started.id_tag.id_token.value,
        meterStartWh: started.meter_value.energy_Wh_import.total,
        timestampMs,
        ...(started.reservation_id !== undefined && { reservationId: started.reservation_id }),
        ...(signedStart && { signedStart }),
      });
    }
    case 'ChargingStarted':
      return inputs.chargingStarted(connectorId);
    case 'ChargingPausedEV':
      return inputs.pausedByEv(connectorId);
    case 'ChargingPausedEVSE':
      return inputs.pausedByEvse(connectorId);
    case 'SwitchingPhases':
      return inputs.pausedByEvse(connectorId, 'SwitchingPhases');
    case 'TransactionFinished': {
      const finished = event.transaction_finished;
      if (!finished) return incomplete(log, event);
      const signedStart = signedMeterValue(finished.start_signed_meter_value, timestampMs);
      const signedStop = signedMeterValue(finished.signed_meter_value, timestampMs);
      return inputs.transactionFinished(connectorId, {
        sessionId: id,
        reason: stopReasonFromEvse(finished.reason),
        meterStopWh: finished.meter_value.energy_Wh_import.total,
        timestampMs,
        ...(finished.id_tag && { idTag: finished.id_tag.id_token.value }),
        ...(signedStart && { signedStart }),
        ...(signedStop && { signedStop }),
      });
    }
    case 'SessionFinished':
      return inputs.sessionFinished(connectorId);
    case 'ReservationStart':
      return inputs.reservationStarted(connectorId);
    case 'ReservationEnd':
      return inputs.reservationEnded(connectorId);
    case 'PluginTimeout':
      return inputs.plugInTimeout(connectorId);
    case 'SessionResumed':
      return inputs.sessionResumed(id);
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
