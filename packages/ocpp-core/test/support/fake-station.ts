import type {
  DataTransferRequest,
  DataTransferResponse,
  DiagnosticsRequest,
  FirmwareRequest,
  RemoteStartRequest,
  ReservationRequest,
  ReservationResult,
  ReservationState,
  ResetType,
  Station,
  StopReason,
  UnlockResult,
} from '../../src/index.ts';

/** A station that does nothing but remember what it was asked. Its answers can be set. */
export class FakeStation implements Station {
  readonly asked: [string, ...unknown[]][] = [];
  unlockResult: UnlockResult = 'Unlocked';
  resetAllowed = true;
  reservation: ReservationState = 'NotReserved';
  reservationResult: ReservationResult = 'Accepted';
  reservationExists = true;
  diagnosticsName: string | undefined = 'diagnostics.tar.gz';
  onSetAvailability: (connectorId: number, operative: boolean) => void = () => {};
  onStop: (connectorId: number, reason: StopReason) => void = () => {};
  dataTransfer?: (request: DataTransferRequest) => Promise<DataTransferResponse>;

  /** What was asked by one name, its arguments only. */
  calls(name: string): unknown[][] {
    return this.asked.filter(([asked]) => asked === name).map(([, ...args]) => args);
  }

  remoteStart(request: RemoteStartRequest): void {
    this.asked.push(['remoteStart', request]);
  }

  async stopTransaction(connectorId: number, request: { reason: StopReason; idTag?: string }): Promise<boolean> {
    this.asked.push(['stopTransaction', connectorId, request]);
    this.onStop(connectorId, request.reason);
    return true;
  }

  async pauseCharging(connectorId: number): Promise<boolean> {
    this.asked.push(['pauseCharging', connectorId]);
    return true;
  }

  async resumeCharging(connectorId: number): Promise<boolean> {
    this.asked.push(['resumeCharging', connectorId]);
    return true;
  }

  async unlockConnector(connectorId: number): Promise<UnlockResult> {
    this.asked.push(['unlockConnector', connectorId]);
    return this.unlockResult;
  }

  async setAvailability(connectorId: number, operative: boolean): Promise<void> {
    this.asked.push(['setAvailability', connectorId, operative]);
    this.onSetAvailability(connectorId, operative);
  }

  async isResetAllowed(type: ResetType): Promise<boolean> {
    this.asked.push(['isResetAllowed', type]);
    return this.resetAllowed;
  }

  async reset(type: ResetType): Promise<void> {
    this.asked.push(['reset', type]);
  }

  setSystemTime(epochMs: number): void {
    this.asked.push(['setSystemTime', epochMs]);
  }

  setConnectionTimeout(timeoutS: number): void {
    this.asked.push(['setConnectionTimeout', timeoutS]);
  }

  async reservationFor(connectorId: number, idTag: string, parentIdTag?: string): Promise<ReservationState> {
    this.asked.push(['reservationFor', connectorId, idTag, ...(parentIdTag === undefined ? [] : [parentIdTag])]);
    return this.reservation;
  }

  async reserve(request: ReservationRequest): Promise<ReservationResult> {
    this.asked.push(['reserve', request]);
    return this.reservationResult;
  }

  async cancelReservation(reservationId: number): Promise<boolean> {
    this.asked.push(['cancelReservation', reservationId]);
    return this.reservationExists;
  }

  async uploadDiagnostics(request: DiagnosticsRequest): Promise<string | undefined> {
    this.asked.push(['uploadDiagnostics', request]);
    return this.diagnosticsName;
  }

  async updateFirmware(request: FirmwareRequest): Promise<void> {
    this.asked.push(['updateFirmware', request]);
  }

  async allowInstallation(): Promise<void> {
    this.asked.push(['allowInstallation']);
  }
}
