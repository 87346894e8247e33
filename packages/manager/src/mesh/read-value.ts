import { decodeVariable } from '@chargemesh/framework';
import { isObject } from '../config/merge-patch.ts';

/**
 * The value of a variable in a live message (an envelope) or a kept one (the value with its time).
 * @returns undefined where it is neither, or the value is no object
 */
export function readValue(payload: string): Record<string, unknown> | undefined {
  const message = readObject(payload);
  try {
    const value = 'msg_type' in message ? decodeVariable(payload) : message.data;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What a module says of itself or asks for: a bare object. Whatever is none reads as an empty one. */
export function readObject(payload: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(payload);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
