/** A member of an object: its value as JSON text; undefined leaves it out. */
export type Member = readonly [key: string, value: string | undefined];

/** An object of values that are JSON text already: what keeps the spelling of a number, 32.00 say. */
export function jsonObject(members: readonly Member[]): string {
  return write(members, ':');
}

/** The same with a blank behind each colon, as EVerest writes readings: there are programs that look for text. */
export function spacedObject(members: readonly Member[]): string {
  return write(members, ': ');
}

function write(members: readonly Member[], colon: string): string {
  const present = members.filter(([, value]) => value !== undefined);
  return `{${present.map(([key, value]) => `${JSON.stringify(key)}${colon}${value}`).join(',')}}`;
}

/** A number that programs of stricter languages read as a real one: always with a decimal point. */
export function real(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
