const SHAPE = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?\s*([Zz]|[+-]\d{2}:?\d{2})?$/;

/** Writes epoch milliseconds as UTC with millisecond precision and a trailing `Z`, the only form that the bus and OCPP peers agree on. */
export function formatTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/**
 * Reads an RFC 3339 timestamp into epoch milliseconds. Any offset, 0 to 9 fractional digits and lower-case letters are taken; a
 * timestamp without a zone is read as UTC.
 * @returns undefined where the text is no timestamp (a month 13, say)
 */
export function parseTimestamp(text: string): number | undefined {
  const parts = SHAPE.exec(text.trim());
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = parts;
  const epochMs = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.padEnd(3, '0').slice(0, 3)),
  );
  const date = new Date(epochMs);
  // Date.UTC rolls 31 April over into May; a leap second is the only roll that is wanted.
  const rolled = date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day);
  if ((rolled && Number(second) !== 60) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60)
    return undefined;
  return epochMs - zoneMs(zone);
}

function zoneMs(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
