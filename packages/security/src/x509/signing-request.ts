import { generateKeyPairSync, sign } from 'node:crypto';
import { der } from '../der/der-writer.ts';

/** Whom a certificate is asked for. */
export interface RequestSubject {
  readonly commonName: string;
  readonly organization: string;
  /** Two letters. */
  readonly country: string;
}

/** A request, and the key that it was made for. */
export interface SigningRequest {
  readonly requestPem: string;
  readonly keyPem: string;
}

const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';

/**
 * Makes a new key (EC P-256) and a request for a certificate for it.
 * @param password encrypts the key, unless it is empty
 * @see RFC 2986
 */
export function makeSigningRequest(subject: RequestSubject, password: string): SigningRequest {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const name = der.sequence(
    attribute('2.5.4.6', der.printableString(subject.country)),
    attribute('2.5.4.10', der.utf8String(subject.organization)),
    attribute('2.5.4.3', der.utf8String(subject.commonName)),
  );
  const version = der.integer(Buffer.from([0]));
  const key = publicKey.export({ format: 'der', type: 'spki' });
  const information = der.sequence(version, name, key, der.explicit(0));
  const algorithm = der.sequence(der.objectId(ECDSA_WITH_SHA256));
  const request = der.sequence(information, algorithm, der.bitString(sign('sha256', information, privateKey)));
  const keyPem = privateKey.export({
    format: 'pem',
    type: 'pkcs8',
    ...(password === '' ? {} : { cipher: 'aes-256-cbc', passphrase: password }),
  });
  return { requestPem: pem('CERTIFICATE REQUEST', request), keyPem: String(keyPem) };
}

function attribute(objectId: string, value: Buffer): Buffer {
  return der.set(der.sequence(der.objectId(objectId), value));
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
