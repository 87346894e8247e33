/** The most characters that an idTag may have. @see OCPP 1.6, 7.28 IdToken */
const LONGEST = 20;

/** Whether a text can be an idTag: 1 to 20 characters, counted as Unicode code points. */
export function isIdTag(text: string): boolean {
  const length = Array.from(text).length;
  return length > 0 && length <= LONGEST;
}

/** The form in which idTags are compared and looked up: their case does not matter, whatever the locale. */
export function foldIdTag(idTag: string): string {
  return Array.from(idTag, (character) => character.toLowerCase()).join('');
}

export function sameIdTag(one: string, other: string): boolean {
  return foldIdTag(one) === foldIdTag(other);
}
