import { ChargemeshError } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';

type ProvidedIdToken = types.authorization.ProvidedIdToken;

/**
 * Reads a token from a message of the outside world. Its details are checked when it is published, like everything that is.
 * @throws ChargemeshError `NO_TOKEN` where it cannot be one
 */
export function readToken(payload: string): ProvidedIdToken {
  let message: unknown;
  try {
    message = JSON.parse(payload);
  } catch (cause) {
    throw new ChargemeshError('NO_TOKEN', 'the message is no JSON', { cause });
  }
  if (!isToken(message)) throw new ChargemeshError('NO_TOKEN', 'the message lacks id_token or authorization_type');
  return message;
}

function isToken(message: unknown): message is ProvidedIdToken {
  return typeof message === 'object' && message !== null && 'id_token' in message && 'authorization_type' in message;
}
