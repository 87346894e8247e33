import { join } from 'node:path';
import { type Clock, type Logger, messageOf } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { CertificateVault } from './certificate-vault.ts';
import { writeFile } from './store/write-file.ts';
import type { Trust } from './trust.ts';
import type { Certificate } from './x509/certificate.ts';
import { isSameHashData } from './x509/certificate.ts';
import { readCertificates } from './x509/read-certificates.ts';

type CaType = types.evse_security.CaCertificateType;
type HashData = types.evse_security.CertificateHashData;

const caTypes: readonly CaType[] = ['V2G', 'MO', 'CSMS', 'MF'];

/** Whom the station trusts: installing, removing and finding the certificates of authorities. */
export class CaCertificates {
  readonly #vault: CertificateVault;
  readonly #trust: Trust;
  readonly #clock: Clock;
  readonly #log: Logger;

  constructor(vault: CertificateVault, trust: Trust, parts: { clock: Clock; log: Logger }) {
    this.#vault = vault;
    this.#trust = trust;
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  install(pem: string, type: CaType): types.evse_security.InstallCertificateResult {
    const store = this.#vault.authorities[type];
    if (store.isFull()) return 'CertificateStoreMaxLengthExceeded';
    const certificate = one(pem);
    if (!certificate) return 'InvalidFormat';
    if (!this.#trust.isValidNow(certificate)) return 'Expired';
    try {
      store.add(certificate);
    } catch (error) {
      this.#log.error(`the certificate ${certificate.subject} was not written: ${messageOf(error)}`);
      return 'WriteError';
    }
    return 'Accepted';
  }

  /** Removes the certificate from every store that has it. @returns the stores that had it */
  remove(data: HashData): readonly CaType[] {
    return caTypes.filter((type) =>
      this.#vault.authorities[type].remove((certificate) => {
        const own = this.#trust.hashOfAuthority(certificate, type);
        return own !== undefined && isSameHashData(own, data);
      }),
    );
  }

  isInstalled(type: CaType): boolean {
    return this.#vault.authorities[type].fileOfRoot(this.#clock.wallMs()) !== undefined;
  }

  /** The file with the first root that is valid now, or nothing. */
  verifyFile(type: CaType): string {
    return this.#vault.authorities[type].fileOfRoot(this.#clock.wallMs()) ?? '';
  }

  /**
   * A file with all certificates that are trusted in this matter, or nothing. A store that is a folder is written into one file, since
   * OpenSSL finds nothing in a folder without its hashed links.
   */
  verifyLocation(type: CaType): string {
    const store = this.#vault.authorities[type];
    if (!this.isInstalled(type)) return '';
    if (!store.isFolder) return store.path;
    const bundle = join(this.#vault.folder, 'ca', `${type}_ROOT_BUNDLE.pem`);
    const certificates = store.certificates().map(({ pem }) => pem);
    writeFile(bundle, certificates.join(''));
    return bundle;
  }
}

function one(pem: string): Certificate | undefined {
  try {
    const certificates = readCertificates(pem);
    return certificates.length === 1 ? certificates[0] : undefined;
  } catch {
    return undefined;
  }
}
