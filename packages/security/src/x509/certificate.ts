import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { ChargemeshError, messageOf } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { type DerElement, readDer } from '../der/der-reader.ts';

type HashData = types.evse_security.CertificateHashData;

const VERSION_TAG = 0xa0;

/** A certificate, with what the station wants to know of it. */
export class Certificate {
  readonly pem: string;
  readonly subject: string;
  readonly isSelfSigned: boolean;
  readonly isCa: boolean;
  readonly notAfterMs: number;
  readonly fingerprint: string;
  readonly #x509: X509Certificate;
  readonly #notBeforeMs: number;

  /** @throws ChargemeshError `BAD_CERTIFICATE` */
  constructor(encoded: string | Buffer) {
    try {
      this.#x509 = new X509Certificate(encoded);
    } catch (cause) {
      throw new ChargemeshError('BAD_CERTIFICATE', `this is no certificate: ${messageOf(cause)}`, { cause });
    }
    const { subject, ca, validFromDate, validToDate, fingerprint256 } = this.#x509;
    this.pem = this.#x509.toString();
    this.subject = subject;
    this.isCa = ca;
    this.#notBeforeMs = validFromDate.getTime();
    this.notAfterMs = validToDate.getTime();
    this.fingerprint = fingerprint256;
    this.isSelfSigned = this.isNamedIssuer(this) && this.isSignedBy(this);
  }

  get publicKey(): KeyObject {
    return this.#x509.publicKey;
  }

  /** The address of the OCSP responder, if it names one. */
  get responderUrl(): string | undefined {
    return /^OCSP - URI:(.+)$/m.exec(this.#x509.infoAccess ?? '')?.[1];
  }

  isValidAt(epochMs: number): boolean {
    return this.#notBeforeMs <= epochMs && epochMs <= this.notAfterMs;
  }

  /** Whether this certificate names the other one as the one who issued it. */
  isNamedIssuer(issuer: Certificate): boolean {
    return this.#x509.checkIssued(issuer.#x509);
  }

  isSignedBy(issuer: Certificate): boolean {
    return this.#x509.verify(issuer.publicKey);
  }

  matchesKey(privateKey: KeyObject): boolean {
    return this.#x509.checkPrivateKey(privateKey);
  }

  equals(other: Certificate): boolean {
    return this.fingerprint === other.fingerprint;
  }

  /** What CSMS and OCSP responder call it by. @param issuer itself where it is self-signed @see RFC 6960 section 4.1.1 */
  hashData(issuer: Certificate): HashData {
    return {
      hash_algorithm: 'SHA256',
      issuer_name_hash: sha256(this.#field(2).whole),
      issuer_key_hash: sha256(issuer.#publicKeyBits()),
      serial_number: this.#x509.serialNumber.replace(/^0+(?=.)/, ''),
    };
  }

  /** A field of the signed part, by its place after the version: serial number, algorithm, issuer, validity, subject, key. */
  #field(place: number): DerElement {
    const [certificate] = readDer(this.#x509.raw);
    const [signed] = certificate ? readDer(certificate.content) : [];
    const fields = signed ? readDer(signed.content) : [];
    const field = fields[place + (fields[0]?.tag === VERSION_TAG ? 1 : 0)];
    if (!field) throw new ChargemeshError('BAD_CERTIFICATE', 'the certificate lacks a field');
    return field;
  }

  #publicKeyBits(): Buffer {
    const [, bits] = readDer(this.#field(5).content);
    // A bit string begins with the number of bits that its last byte lacks.
    return bits?.content.subarray(1) ?? Buffer.alloc(0);
  }
}

/** Whether two hash data mean the same certificate, however their numbers are written. */
export function isSameHashData(a: HashData, b: HashData): boolean {
  return key(a) === key(b);
}

function key({ hash_algorithm, issuer_name_hash, issuer_key_hash, serial_number }: HashData): string {
  const serial = serial_number.replace(/^0+(?=.)/, '');
  return [hash_algorithm, issuer_name_hash, issuer_key_hash, serial].join('/').toLowerCase();
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
