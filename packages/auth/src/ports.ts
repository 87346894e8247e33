import type { types } from '@chargemesh/contracts';

type ProvidedIdToken = types.authorization.ProvidedIdToken;
type ValidationResult = types.authorization.ValidationResult;

/** What can be asked of one EVSE. Every call may fail: its module may be gone. */
export interface EvsePort {
  /** Tells it what became of a token, good or bad. */
  authorize(token: ProvidedIdToken, result: ValidationResult): Promise<void>;
  /** Takes back an authorization that was not used. */
  withdraw(): Promise<void>;
  stop(request: types.evse_manager.StopTransactionRequest): Promise<boolean>;
  /** @returns whether it agreed */
  reserve(reservationId: number): Promise<boolean>;
  cancelReservation(): Promise<void>;
}

/** Asks one validator about a token. */
export type Validator = (token: ProvidedIdToken) => Promise<ValidationResult>;

/** Tells the mesh how far a token has come. */
export type PublishStatus = (
  token: ProvidedIdToken,
  status: types.authorization.TokenValidationStatus,
  messages?: readonly types.text_message.MessageContent[],
) => void;
