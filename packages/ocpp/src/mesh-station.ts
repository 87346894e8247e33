import { type Clock, formatTimestamp, type Logger, messageOf, type Timer } from '@chargemesh/base';
import type {
  AuthInterface,
  EvseManagerInterface,
  OcppDataTransferInterface,
  ReservationInterface,
  SystemInterface,
  types,
} from '@chargemesh/contracts';
import type { Required } from '@chargemesh/framework';
import type {
  DataTransferRequest,
  DataTransferResponse,
  DiagnosticsRequest,
  FileRequest,
  FirmwareRequest,
  RemoteStartRequest,
  ReservationRequest,
  ReservationResult,
  ReservationState,
  ResetType,
  Station,
  StopReason,
  UnlockResult,
} from '@chargemesh/ocpp-core';
import { NO_NUMBER } from './conversions/file-status.ts';
import { stopReasonToEvse } from './conversions/stop-reason.ts';

/** OCPP stands in the middle of the enable table: a technician overrides it, a default does not. */
export const OCPP_PRIORITY = 5_000;
/** An EVSE has one connector here, and it is number 1. */
const CONNECTOR_OF_EVSE = 1;
/** What Auth can be told as its waiting time, in seconds. */
const CONNECTION_TIMEOUT = { min: 10, max: 300 } as const;

/** What the OCPP module is connected to. */
export interface MeshStationPort {
  /** OCPP connector to the EVSE behind it. */
  readonly evses: ReadonlyMap<number, Required<EvseManagerInterface>>;
  readonly auth: Required<AuthInterface>;
  readonly reservation: Required<ReservationInterface>;
  readonly system: Required<SystemInterface>;
  readonly dataTransfer: Required<OcppDataTransferInterface> | undefined;
  /** Publishes a token as if it had been swiped. */
  readonly provideToken: (token: types.authorization.ProvidedIdToken) => void;
  readonly clock: Clock;
  /** ResetStopDelay: what a CSMS is still told between the last transaction and a reset has so long, in seconds. */
  readonly resetDelayS: number;
  readonly log: Logger;
}

/** What a CSMS asks of the station, done by the modules of the mesh. */
export class MeshStation implements Station {
  readonly #port: MeshStationPort;
  #resetDelay: Timer | undefined;

  constructor(port: MeshStationPort) {
    this.#port = port;
  }

  remoteStart({ idTag, parentIdTag, connectorIds, prevalidated }: RemoteStartRequest): void {
    this.#port.provideToken({
      authorization_type: 'OCPP',
      connectors: [...connectorIds],
      id_token: { type: 'Central', value: idTag },
      prevalidated,
      ...(parentIdTag !== undefined && { parent_id_token: { type: 'Central', value: parentIdTag } }),
    });
  }

  stopTransaction(connectorId: number, { reason, idTag }: { reason: StopReason; idTag?: string }): Promise<boolean> {
    const request: types.evse_manager.StopTransactionRequest = {
      reason: stopReasonToEvse(reason),
      ...(idTag !== undefined && {
        id_tag: { authorization_type: 'OCPP', id_token: { type: 'Central', value: idTag } },
      }),
    };
    return this.#evse(connectorId).call('stop_transaction', { request });
  }

  pauseCharging(connectorId: number): Promise<boolean> {
    return this.#evse(connectorId).call('pause_charging', {});
  }

  resumeCharging(connectorId: number): Promise<boolean> {
    return this.#evse(connectorId).call('resume_charging', {});
  }

  /** The EVSE stops a running transaction itself before it unlocks. False from it: there is no lock; an error: the lock did not open. */
  async unlockConnector(connectorId: number): Promise<UnlockResult> {
    try {
      const unlocked = await this.#evse(connectorId).call('force_unlock', { connector_id: CONNECTOR_OF_EVSE });
      return unlocked ? 'Unlocked' : 'NotSupported';
    } catch (error) {
      this.#port.log.warn(`connector ${connectorId} was not unlocked: ${messageOf(error)}`);
      return 'UnlockFailed';
    }
  }

  async setAvailability(connectorId: number, operative: boolean): Promise<void> {
    await this.#evse(connectorId).call('enable_disable', {
      connector_id: 0,
      cmd_source: {
        enable_source: 'CSMS',
        enable_state: operative ? 'Enable' : 'Disable',
        enable_priority: OCPP_PRIORITY,
      },
    });
  }

  isResetAllowed(type: ResetType): Promise<boolean> {
    return this.#port.system.call('is_reset_allowed', { type });
  }

  async reset(type: ResetType): Promise<void> {
    const { clock, resetDelayS } = this.#port;
    this.#resetDelay?.cancel();
    if (resetDelayS > 0)
      await new Promise<void>((over) => {
        this.#resetDelay = clock.setTimer(resetDelayS * 1000, over);
      });
    await this.#port.system.call('reset', { type, scheduled: false });
  }

  /** The module leaves: a reset that still waits is none of its any more. */
  close(): void {
    this.#resetDelay?.cancel();
  }

  async setSystemTime(epochMs: number): Promise<void> {
    await this.#port.system.call('set_system_time', { timestamp: formatTimestamp(epochMs) });
  }

  async setConnectionTimeout(timeoutS: number): Promise<void> {
    const { min, max } = CONNECTION_TIMEOUT;
    const fitting = Math.min(max, Math.max(min, timeoutS));
    if (fitting !== timeoutS)
      this.#port.log.warn(`ConnectionTimeOut ${timeoutS} s is outside ${min} … ${max} s; Auth is told ${fitting} s`);
    await this.#port.auth.call('set_connection_timeout', { connection_timeout: fitting });
  }

  reservationFor(connectorId: number, idTag: string, parentIdTag?: string): Promise<ReservationState> {
    const request: types.reservation.ReservationCheck = {
      id_token: idTag,
      ...(connectorId > 0 && { evse_id: connectorId }),
      ...(parentIdTag !== undefined && { group_id_token: parentIdTag }),
    };
    return this.#port.reservation.call('exists_reservation', { request });
  }

  reserve(request: ReservationRequest): Promise<ReservationResult> {
    const { reservationId, connectorId, idTag, parentIdTag, expiryMs } = request;
    return this.#port.reservation.call('reserve_now', {
      request: {
        reservation_id: reservationId,
        id_token: idTag,
        expiry_time: formatTimestamp(expiryMs),
        ...(connectorId > 0 && { evse_id: connectorId }),
        ...(parentIdTag !== undefined && { parent_id_token: parentIdTag }),
      },
    });
  }

  cancelReservation(reservationId: number): Promise<boolean> {
    return this.#port.reservation.call('cancel_reservation', { reservation_id: reservationId });
  }

  async uploadDiagnostics(request: DiagnosticsRequest): Promise<string | undefined> {
    const { location, oldestMs, latestMs } = request;
    const { file_name } = await this.#port.system.call('upload_logs', {
      upload_logs_request: {
        location,
        ...retriesOf(request),
        ...(oldestMs !== undefined && { oldest_timestamp: formatTimestamp(oldestMs) }),
        ...(latestMs !== undefined && { latest_timestamp: formatTimestamp(latestMs) }),
      },
    });
    return file_name;
  }

  async updateFirmware(request: FirmwareRequest): Promise<void> {
    const { location, retrieveMs } = request;
    const answer = await this.#port.system.call('update_firmware', {
      firmware_update_request: {
        location,
        request_id: NO_NUMBER,
        retrieve_timestamp: formatTimestamp(retrieveMs),
        ...retriesOf(request),
      },
    });
    if (answer !== 'Accepted') this.#port.log.warn('the firmware update was not taken', { answer });
  }

  async allowInstallation(): Promise<void> {
    await this.#port.system.call('allow_firmware_installation', {});
  }

  async dataTransfer({ vendorId, messageId, data }: DataTransferRequest): Promise<DataTransferResponse> {
    const { dataTransfer, log } = this.#port;
    if (!dataTransfer) return { status: 'UnknownVendorId' };
    try {
      const answer = await dataTransfer.call('data_transfer', {
        request: {
          vendor_id: vendorId,
          ...(messageId !== undefined && { message_id: messageId }),
          ...(data !== undefined && { data }),
        },
      });
      const status = answer.status === 'Offline' ? 'UnknownVendorId' : answer.status;
      return { status, ...(answer.data !== undefined && { data: answer.data }) };
    } catch (error) {
      log.warn(`the data_transfer module did not answer: ${messageOf(error)}`);
      return { status: 'Rejected' };
    }
  }

  #evse(connectorId: number): Required<EvseManagerInterface> {
    const evse = this.#port.evses.get(connectorId);
    if (!evse) throw new RangeError(`there is no EVSE for OCPP connector ${connectorId}`);
    return evse;
  }
}

/** What a request to System says of its tries: the first one counts as one. */
function retriesOf({ attempts, retryIntervalS }: FileRequest): { retries?: number; retry_interval_s?: number } {
  return {
    ...(attempts !== undefined && { retries: attempts }),
    ...(retryIntervalS !== undefined && { retry_interval_s: retryIntervalS }),
  };
}
