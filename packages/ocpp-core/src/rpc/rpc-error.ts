import { ChargemeshError } from '@chargemesh/base';

/** @see OCPP-J 1.6, 4.2.3 (table 7) */
export type RpcErrorCode =
  | 'NotImplemented'
  | 'NotSupported'
  | 'InternalError'
  | 'ProtocolError'
  | 'SecurityError'
  | 'FormationViolation'
  | 'PropertyConstraintViolation'
  | 'OccurenceConstraintViolation'
  | 'TypeConstraintViolation'
  | 'GenericError';

/** Thrown by a handler to answer a request with a CALLERROR instead of a result. */
export class RpcError extends ChargemeshError {
  override readonly name: string = 'RpcError';
  readonly rpcCode: RpcErrorCode;

  constructor(rpcCode: RpcErrorCode, description: string, details: Readonly<Record<string, unknown>> = {}) {
    super('OCPP_RPC_ERROR', description, { details });
    this.rpcCode = rpcCode;
  }
}
