import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { type Logger, messageOf } from '@chargemesh/base';
import { Certificate } from '../x509/certificate.ts';
import { readCertificates } from '../x509/read-certificates.ts';

/** A file with certificates, in their order. */
export interface CertificateFile {
  readonly path: string;
  readonly certificates: readonly Certificate[];
}

/** The certificates of a file, PEM or DER. One that cannot be read is reported and counts as empty. */
export function readCertificateFile(path: string, log: Logger): CertificateFile {
  try {
    const content = readFileSync(path);
    const certificates = extname(path) === '.der' ? [new Certificate(content)] : readCertificates(content.toString());
    return { path, certificates };
  } catch (error) {
    log.warn(`${path} is left out: ${messageOf(error)}`);
    return { path, certificates: [] };
  }
}

/** All certificate files of a folder, by name, those without a certificate left out. */
export function readCertificateFolder(folder: string, log: Logger): readonly CertificateFile[] {
  return listFolder(folder)
    .filter((name) => ['.pem', '.der'].includes(extname(name)))
    .map((name) => readCertificateFile(join(folder, name), log))
    .filter(({ certificates }) => certificates.length > 0);
}

/** The names in a folder, sorted; none where there is no such folder. */
export function listFolder(folder: string): readonly string[] {
  return existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder).sort() : [];
}
