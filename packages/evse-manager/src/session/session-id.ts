import type { Random } from '@chargemesh/base';

/** How session ids look: 36, 22 or 16 characters. */
export type SessionIdType = 'UUID' | 'UUID_BASE64' | 'SHORT_BASE64';

const SHORT_BYTES = 12;

/** A new session id, which is the meter's transaction id as well. Some meters take no more than 16 or 22 characters. */
export function newSessionId(random: Random, type: SessionIdType): string {
  const uuid = random.uuid();
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  switch (type) {
    case 'UUID':
      return uuid;
    case 'UUID_BASE64':
      return bytes.toString('base64url');
    case 'SHORT_BASE64':
      return bytes.subarray(0, SHORT_BYTES).toString('base64url');
  }
}
