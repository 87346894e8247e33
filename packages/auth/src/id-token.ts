import type { types } from '@chargemesh/contracts';

type ProvidedIdToken = types.authorization.ProvidedIdToken;

/**
 * Whether two identifiers are the same: case plays no part, in no comparison.
 * @see OCPP 1.6, CiString types
 */
export function sameId(first: string | undefined, second: string | undefined): boolean {
  return first !== undefined && second !== undefined && fold(first) === fold(second);
}

/** Whether somebody presents again what is being dealt with already: the same card for the same EVSEs, by the same way. */
export function sameToken(first: ProvidedIdToken, second: ProvidedIdToken): boolean {
  return (
    sameId(first.id_token.value, second.id_token.value) &&
    first.id_token.type === second.id_token.type &&
    first.authorization_type === second.authorization_type &&
    JSON.stringify(first.connectors ?? []) === JSON.stringify(second.connectors ?? [])
  );
}

/** Locale-free, and by code point as the OCPP side does: a Turkish station compares as any other, and its dotless i is no i. */
const fold = (text: string): string => Array.from(text, (character) => character.toLowerCase()).join('');
