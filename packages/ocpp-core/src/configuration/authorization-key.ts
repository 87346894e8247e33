/**
 * The bytes of a password: 16 to 40 hexadecimal digits are what they write, everything else is its text (D24).
 * @see OCPP 1.6 security whitepaper, A00.FR.205
 */
export function authorizationKeyBytes(key: string): Uint8Array {
  const isHex = /^(?:[0-9a-f]{2}){8,20}$/i.test(key);
  return Buffer.from(key, isHex ? 'hex' : 'utf8');
}
