import { ChargemeshError } from '@chargemesh/base';

/**
 * What kept a file from its way. `PermissionDenied`: the server does not know the credentials, or does not let them. `BadMessage`: the
 * address leads nowhere. `NotSupportedOperation`: its protocol is none of ours. `Failed`: anything else, and worth another try.
 */
export type TransferFault = 'PermissionDenied' | 'BadMessage' | 'NotSupportedOperation' | 'Failed';

/** A file that did not arrive. The message is one readable line without credentials. */
export class TransferError extends ChargemeshError {
  override readonly name: string = 'TransferError';
  readonly fault: TransferFault;

  constructor(fault: TransferFault, message: string, options?: { cause?: unknown }) {
    super('FILE_TRANSFER', message, { ...options, details: { fault } });
    this.fault = fault;
  }

  /** Whether trying again might help. */
  get isLasting(): boolean {
    return this.fault === 'BadMessage' || this.fault === 'NotSupportedOperation';
  }
}
