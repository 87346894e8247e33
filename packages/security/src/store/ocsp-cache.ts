import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { types } from '@chargemesh/contracts';
import { isSameHashData } from '../x509/certificate.ts';
import { listFolder } from './certificate-files.ts';
import type { FileNames } from './file-names.ts';
import { writeFile } from './write-file.ts';

type HashData = types.evse_security.CertificateHashData;

/**
 * Answers of OCSP responders in the folder `ocsp` beside the certificates that they are about: `NAME.der` is the answer, `NAME.hash` says
 * for whom, in four lines.
 */
export class OcspCache {
  readonly #folder: string;
  readonly #names: FileNames;

  constructor(certificateFolder: string, names: FileNames) {
    this.#folder = join(certificateFolder, 'ocsp');
    this.#names = names;
  }

  /** The file with the answer about a certificate. */
  find(data: HashData): string | undefined {
    const hashFile = listFolder(this.#folder).find(
      (name) => extname(name) === '.hash' && isSameHashData(readHash(join(this.#folder, name)), data),
    );
    return hashFile === undefined ? undefined : join(this.#folder, `${hashFile.slice(0, -'.hash'.length)}.der`);
  }

  /** Keeps an answer. An older one about the same certificate is overwritten. */
  put(data: HashData, answer: Uint8Array): void {
    mkdirSync(this.#folder, { recursive: true });
    const known = this.find(data);
    if (known !== undefined) {
      writeFile(known, answer);
      return;
    }
    const name = join(this.#folder, this.#names.make('ocsp', ''));
    writeFile(`${name}.der`, answer);
    const { hash_algorithm, issuer_name_hash, issuer_key_hash, serial_number } = data;
    writeFile(`${name}.hash`, [hash_algorithm, issuer_name_hash, issuer_key_hash, serial_number, ''].join('\n'));
  }

  remove(data: HashData): void {
    const file = this.find(data);
    if (file === undefined) return;
    rmSync(file, { force: true });
    rmSync(`${file.slice(0, -'.der'.length)}.hash`, { force: true });
  }
}

function readHash(path: string): HashData {
  const [algorithm, nameHash = '', keyHash = '', serial = ''] = readFileSync(path, 'utf8').split('\n');
  return {
    hash_algorithm: algorithm === 'SHA384' || algorithm === 'SHA512' ? algorithm : 'SHA256',
    issuer_name_hash: nameHash,
    issuer_key_hash: keyHash,
    serial_number: serial,
  };
}
