import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { der } from '../../src/der/der-writer.ts';

/** A certificate with its key, as tests make them. */
export interface MadeCertificate {
  readonly pem: string;
  readonly name: string;
  readonly key: KeyObject;
  readonly keyPem: string;
}

export interface CertificateWishes {
  readonly name: string;
  readonly issuer?: MadeCertificate;
  readonly ca?: boolean;
  /** `YYYYMMDDHHMMSSZ`. Default: the whole of 2025 to 2035. */
  readonly from?: string;
  readonly to?: string;
  readonly ocspUrl?: string;
  /** Signs with a key that is not the issuer's. */
  readonly forged?: boolean;
  readonly key?: KeyObject;
}

const ECDSA_WITH_SHA256 = der.sequence(der.objectId('1.2.840.10045.4.3.2'));

/** Makes a certificate (EC P-256, version 3). */
export function makeCertificate(wishes: CertificateWishes): MadeCertificate {
  const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const key = wishes.key ?? pair.privateKey;
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const signed = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    der.integer(Buffer.concat([Buffer.from([0x0a]), randomBytes(7)])),
    ECDSA_WITH_SHA256,
    nameOf(wishes.issuer?.name ?? wishes.name),
    der.sequence(
      der.generalizedTime(wishes.from ?? '20250101000000Z'),
      der.generalizedTime(wishes.to ?? '20350101000000Z'),
    ),
    nameOf(wishes.name),
    publicKey,
    der.explicit(3, der.sequence(...extensions(wishes))),
  );
  const signer = wishes.forged ? pair.privateKey : (wishes.issuer?.key ?? key);
  const whole = der.sequence(signed, ECDSA_WITH_SHA256, der.bitString(sign('sha256', signed, signer)));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    pem: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    name: wishes.name,
    key,
    keyPem: String(key.export({ format: 'pem', type: 'pkcs8' })),
  };
}

function nameOf(name: string): Buffer {
  return der.sequence(der.set(der.sequence(der.objectId('2.5.4.3'), der.utf8String(name))));
}

function extensions({ name, ca, ocspUrl }: CertificateWishes): Buffer[] {
  // A name that others can be reached by: an extension that every certificate may have.
  const altName = der.sequence(der.element(0x82, Buffer.from(`${name.replaceAll(' ', '-')}.test`, 'latin1')));
  const found = [der.sequence(der.objectId('2.5.29.17'), der.octetString(altName))];
  if (ca)
    found.push(
      der.sequence(der.objectId('2.5.29.19'), der.boolean(true), der.octetString(der.sequence(der.boolean(true)))),
    );
  if (ocspUrl !== undefined) {
    const address = der.element(0x86, Buffer.from(ocspUrl, 'latin1'));
    const access = der.sequence(der.sequence(der.objectId('1.3.6.1.5.5.7.48.1'), address));
    found.push(der.sequence(der.objectId('1.3.6.1.5.5.7.1.1'), der.octetString(access)));
  }
  return found;
}
