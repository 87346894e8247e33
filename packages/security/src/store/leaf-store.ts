import { createPrivateKey, type KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { extname, join } from 'node:path';
import { type Logger, messageOf } from '@chargemesh/base';
import type { Certificate } from '../x509/certificate.ts';
import { listFolder, readCertificateFolder } from './certificate-files.ts';
import type { FileNames } from './file-names.ts';
import { writeFile } from './write-file.ts';

/** A certificate of the station itself, with the files that hold it. */
export interface Leaf {
  readonly certificate: Certificate;
  /** The longest chain that is on file, leaf first. */
  readonly chain: readonly Certificate[];
  /** The file with the chain, where it is longer than the leaf. */
  readonly chainFile: string | undefined;
  /** The file with the leaf alone. */
  readonly singleFile: string | undefined;
  readonly files: readonly string[];
}

/** The station's own certificates in one matter, and their keys. */
export class LeafStore {
  readonly certificateFolder: string;
  readonly #keyFolder: string;
  readonly #password: string;
  readonly #labels: { readonly leaf: string; readonly chain: string };
  readonly #names: FileNames;
  readonly #log: Logger;

  constructor(
    folders: { certificates: string; keys: string },
    labels: { leaf: string; chain: string },
    parts: { password: string; names: FileNames; log: Logger },
  ) {
    this.certificateFolder = folders.certificates;
    this.#keyFolder = folders.keys;
    this.#labels = labels;
    this.#password = parts.password;
    this.#names = parts.names;
    this.#log = parts.log;
    for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  }

  leafs(): readonly Leaf[] {
    const byFingerprint = new Map<string, Leaf>();
    for (const { path, certificates } of readCertificateFolder(this.certificateFolder, this.#log)) {
      const [certificate] = certificates;
      if (!certificate || certificate.isCa) continue;
      const known = byFingerprint.get(certificate.fingerprint);
      const isChain = certificates.length > 1;
      byFingerprint.set(certificate.fingerprint, {
        certificate,
        chain: certificates.length > (known?.chain.length ?? 0) ? certificates : (known?.chain ?? certificates),
        chainFile: isChain ? path : known?.chainFile,
        singleFile: isChain ? known?.singleFile : path,
        files: [...(known?.files ?? []), path],
      });
    }
    return [...byFingerprint.values()];
  }

  /** The file with the private key of a certificate. */
  keyFile(certificate: Certificate): string | undefined {
    return this.#keyFiles().find((path) => {
      const key = this.#readKey(path);
      return key !== undefined && certificate.matchesKey(key);
    });
  }

  addKey(keyPem: string): string {
    const path = join(this.#keyFolder, this.#names.make(this.#labels.leaf, '.key'));
    writeFile(path, keyPem);
    return path;
  }

  add(chain: readonly Certificate[]): void {
    const [leaf] = chain;
    if (!leaf) return;
    const write = (label: string, certificates: readonly Certificate[]): void =>
      writeFile(
        join(this.certificateFolder, this.#names.make(label, '.pem')),
        certificates.map(({ pem }) => pem).join(''),
      );
    write(this.#labels.leaf, [leaf]);
    if (chain.length > 1) write(this.#labels.chain, chain);
  }

  /** Removes a leaf with all its files and its key, unless another leaf has the same key. */
  remove({ certificate, files }: Leaf): void {
    const key = this.keyFile(certificate);
    for (const file of files) rmSync(file);
    if (key !== undefined && !this.leafs().some((other) => this.keyFile(other.certificate) === key)) rmSync(key);
  }

  #keyFiles(): readonly string[] {
    return listFolder(this.#keyFolder)
      .filter((name) => extname(name) === '.key')
      .map((name) => join(this.#keyFolder, name));
  }

  #readKey(path: string): KeyObject | undefined {
    try {
      const key = readFileSync(path);
      return createPrivateKey(this.#password === '' ? { key } : { key, passphrase: this.#password });
    } catch (error) {
      this.#log.warn(`the key ${path} is left out: ${messageOf(error)}`);
      return undefined;
    }
  }
}
