import { ChargemeshError, type ErrorDetails } from '@chargemesh/base';

/** The codes of {@link CsmsError}. */
export type CsmsErrorCode =
  | 'CSMS_TAGS_INVALID'
  | 'CSMS_UNKNOWN_STATION'
  | 'CSMS_NOT_CONNECTED'
  | 'CSMS_CONNECTED'
  | 'CSMS_UNKNOWN_ACTION'
  | 'CSMS_CALL_INVALID'
  | 'CSMS_CALL_TIMEOUT'
  | 'CSMS_LINK_LOST'
  | 'CSMS_BAD_PARAMETER'
  | 'CSMS_BAD_ANSWER';

/** Something that was asked of the CSMS and cannot be done. The message is one readable line. */
export class CsmsError extends ChargemeshError {
  override readonly name = 'CsmsError';

  constructor(code: CsmsErrorCode, message: string, options?: { details?: ErrorDetails; cause?: unknown }) {
    super(code, message, options);
  }
}
