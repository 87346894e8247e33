/** The first characters of a text, counted as OCPP counts them: by code points, so that none is cut in half. */
export function cutText(text: string, length: number): string {
  // Most are short, and no text has more code points than units.
  return text.length <= length
    ? text
    : Array.from(text.slice(0, 2 * length))
        .slice(0, length)
        .join('');
}
