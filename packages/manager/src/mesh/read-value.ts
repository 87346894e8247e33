import { decodeVariable } from '@chargemesh/framework';
import { isObject } from '../config/merge-patch.ts';

/**
 * The value of a variable in a live message (an envelope) or a kept one (the value with its time).
 * @returns undefined where it is neither, or the value is no object
 */
export function readValue(payload: string): Record<string, unknown> | undefined {
  if (payload === '') return undefined;
  try {
    const message: unknown = JSON.parse(payload);
    if (!isObject(message)) return undefined;
    const value = 'msg_type' in message ? decodeVariable(payload) : message.data;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
