import { timingSafeEqual } from 'node:crypto';

/** Whose password is what, by station id. A station that is not named is let in with any. */
export type Passwords = Readonly<Record<string, string>>;

const HEXADECIMAL = /^(?:[0-9a-fA-F]{2}){8,20}$/;

/**
 * HTTP basic authentication as OCPP uses it: the user is the station, the password its AuthorizationKey. A key of 16 to 40
 * hexadecimal digits may be sent as the bytes that it means.
 * @see Improved security for OCPP 1.6-J, A00.FR.205
 */
export function mayEnter(passwords: Passwords | undefined, station: string, header: string | undefined): boolean {
  const wanted = passwords !== undefined && Object.hasOwn(passwords, station) ? passwords[station] : undefined;
  if (wanted === undefined) return true;
  const encoded = /^Basic +([A-Za-z0-9+/=]+) *$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return false;
  const given = Buffer.from(encoded, 'base64');
  // A station id may hold a colon: the user is known, so its length says where the password begins.
  const user = Buffer.from(`${station}:`);
  if (!equal(given.subarray(0, user.length), user)) return false;
  const password = given.subarray(user.length);
  const bytes = HEXADECIMAL.test(wanted) ? Buffer.from(wanted, 'hex') : undefined;
  return equal(password, Buffer.from(wanted)) || (bytes !== undefined && equal(password, bytes));
}

function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
