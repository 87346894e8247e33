import { ChargemeshError } from '@chargemesh/base';

/** One element of a DER encoding. */
export interface DerElement {
  readonly tag: number;
  /** The element with tag and length. */
  readonly whole: Buffer;
  readonly content: Buffer;
}

/**
 * The elements that stand one after the other in these bytes. Open a sequence by reading its content.
 * @throws ChargemeshError `BAD_DER` where they do not end where they say
 */
export function readDer(bytes: Buffer): readonly DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at;
    const tag = byteAt(bytes, at++);
    let length = byteAt(bytes, at++);
    if (length >= 0x80) {
      const count = length - 0x80;
      length = 0;
      for (let index = 0; index < count; index++) length = length * 256 + byteAt(bytes, at++);
    }
    const end = at + length;
    if (end > bytes.length) throw new ChargemeshError('BAD_DER', 'an element is longer than what it stands in');
    elements.push({ tag, whole: bytes.subarray(start, end), content: bytes.subarray(at, end) });
    at = end;
  }
  return elements;
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new ChargemeshError('BAD_DER', 'the encoding ends too early');
  return byte;
}
