import { parseTimestamp } from '@chargemesh/base';
import { RpcError } from '../rpc/rpc-error.ts';

/** @returns milliseconds since the epoch @throws RpcError where it is no date that can be read */
export function requiredTimestamp(field: string, text: string): number {
  const atMs = parseTimestamp(text);
  if (atMs === undefined) throw new RpcError('PropertyConstraintViolation', `${field} ${text} cannot be read`);
  return atMs;
}
