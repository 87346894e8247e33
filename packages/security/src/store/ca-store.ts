import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import type { Logger } from '@chargemesh/base';
import type { Certificate } from '../x509/certificate.ts';
import { type CertificateFile, readCertificateFile, readCertificateFolder } from './certificate-files.ts';
import type { FileNames } from './file-names.ts';
import { writeFile } from './write-file.ts';

/** A store may hold this much before it takes no more. */
const MOST_CERTIFICATES = 2000;
const MOST_BYTES = 50 * 1024 * 1024;

/** The certificates of those whom the station trusts in one matter: one bundle file, or a folder of files. */
export class CaStore {
  readonly path: string;
  readonly #label: string;
  readonly #names: FileNames;
  readonly #log: Logger;

  /**
   * @param path a bundle (`.pem`) or a folder; made when it is missing
   * @param label begins the names of new files, such as `CSMS_ROOT`
   */
  constructor(path: string, label: string, parts: { names: FileNames; log: Logger }) {
    this.path = path;
    this.#label = label;
    this.#names = parts.names;
    this.#log = parts.log;
    const isBundle = existsSync(path) ? !statSync(path).isDirectory() : extname(path) !== '';
    mkdirSync(isBundle ? dirname(path) : path, { recursive: true });
    if (isBundle && !existsSync(path)) writeFile(path, '');
  }

  /** Whether it is a folder of files. */
  get isFolder(): boolean {
    return statSync(this.path).isDirectory();
  }

  files(): readonly CertificateFile[] {
    return this.isFolder ? readCertificateFolder(this.path, this.#log) : [readCertificateFile(this.path, this.#log)];
  }

  certificates(): readonly Certificate[] {
    return this.files().flatMap(({ certificates }) => certificates);
  }

  /** The self-signed ones. */
  roots(): readonly Certificate[] {
    return this.certificates().filter(({ isSelfSigned }) => isSelfSigned);
  }

  /** The file of the first root that is valid at that time. */
  fileOfRoot(atMs: number): string | undefined {
    const isRoot = (certificate: Certificate): boolean => certificate.isSelfSigned && certificate.isValidAt(atMs);
    return this.files().find(({ certificates }) => certificates.some(isRoot))?.path;
  }

  isFull(): boolean {
    const files = this.files();
    const bytes = files.reduce((sum, { path }) => sum + statSync(path).size, 0);
    return files.flatMap(({ certificates }) => certificates).length > MOST_CERTIFICATES || bytes >= MOST_BYTES;
  }

  /** Adds a certificate. One that it has already is written again in its place. */
  add(certificate: Certificate): void {
    const known = this.files().find(({ certificates }) => certificates.some((other) => other.equals(certificate)));
    if (known) this.#write(known.path, known.certificates);
    else if (this.isFolder) this.#write(join(this.path, this.#names.make(this.#label, '.pem')), [certificate]);
    else this.#write(this.path, [...this.certificates(), certificate]);
  }

  /** @returns whether there was anything to remove */
  remove(isUnwanted: (certificate: Certificate) => boolean): boolean {
    let removed = false;
    for (const { path, certificates } of this.files()) {
      const left = certificates.filter((certificate) => !isUnwanted(certificate));
      if (left.length === certificates.length) continue;
      removed = true;
      if (left.length === 0 && this.isFolder) rmSync(path);
      else this.#write(path, left);
    }
    return removed;
  }

  #write(path: string, certificates: readonly Certificate[]): void {
    writeFile(path, certificates.map(({ pem }) => pem).join(''));
  }
}
