import { verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Logger, messageOf } from '@chargemesh/base';
import { readCertificates } from './x509/read-certificates.ts';

/**
 * Whether a file was signed with the key of a certificate: SHA-256, signature in base64.
 * @returns false too where file, certificate or signature cannot be read; the log says which
 */
export function verifyFileSignature(path: string, certificatePem: string, signature: string, log: Logger): boolean {
  try {
    const [signer] = readCertificates(certificatePem);
    if (!signer) {
      log.warn(`${path} is not verified: there is no certificate`);
      return false;
    }
    return verify('sha256', readFileSync(path), signer.publicKey, Buffer.from(signature, 'base64'));
  } catch (error) {
    log.warn(`${path} is not verified: ${messageOf(error)}`);
    return false;
  }
}
