/** Writes DER, the encoding of certificates and requests. @see ITU-T X.690 */
export const der = {
  element: (tag: number, ...content: readonly Uint8Array[]): Buffer => {
    const body = Buffer.concat(content);
    return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
  },
  sequence: (...content: readonly Uint8Array[]): Buffer => der.element(0x30, ...content),
  set: (...content: readonly Uint8Array[]): Buffer => der.element(0x31, ...content),
  boolean: (value: boolean): Buffer => der.element(0x01, Buffer.from([value ? 0xff : 0])),
  /** A whole number from its big-endian bytes; it is taken as positive. */
  integer: (bytes: Uint8Array): Buffer =>
    der.element(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes),
  bitString: (bytes: Uint8Array): Buffer => der.element(0x03, Buffer.from([0]), bytes),
  octetString: (bytes: Uint8Array): Buffer => der.element(0x04, bytes),
  utf8String: (text: string): Buffer => der.element(0x0c, Buffer.from(text, 'utf8')),
  printableString: (text: string): Buffer => der.element(0x13, Buffer.from(text, 'latin1')),
  /** `YYYYMMDDHHMMSSZ` */
  generalizedTime: (text: string): Buffer => der.element(0x18, Buffer.from(text, 'latin1')),
  /** An element that stands in a context-specific tag. */
  explicit: (number: number, ...content: readonly Uint8Array[]): Buffer => der.element(0xa0 + number, ...content),
  /** From dotted numbers, such as `2.5.4.3`. */
  objectId: (dotted: string): Buffer => {
    const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
    return der.element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
  },
};

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return Buffer.from([0x80 + bytes.length, ...bytes]);
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift(0x80 | (rest & 0x7f));
  return bytes;
}
