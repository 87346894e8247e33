import { Certificate } from './certificate.ts';

const BLOCK = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED )?CERTIFICATE-----/g;

/**
 * The certificates of a PEM text, in its order, whatever else stands between them.
 * @throws ChargemeshError `BAD_CERTIFICATE` where one of them is none
 */
export function readCertificates(text: string): readonly Certificate[] {
  return (text.match(BLOCK) ?? []).map((block) => new Certificate(block));
}
