import type { types } from '@chargemesh/contracts';
import type { CertificateVault } from './certificate-vault.ts';
import type { Trust } from './trust.ts';
import { type Certificate, isSameHashData } from './x509/certificate.ts';

type CaType = types.evse_security.CaCertificateType;
type CertificateType = types.evse_security.CertificateType;
type HashChain = types.evse_security.CertificateHashDataChain;
type HashData = types.evse_security.CertificateHashData;
type OcspRequest = types.evse_security.OCSPRequestData;

const rootTypes: Readonly<Record<Exclude<CertificateType, 'V2GCertificateChain'>, CaType>> = {
  V2GRootCertificate: 'V2G',
  MORootCertificate: 'MO',
  CSMSRootCertificate: 'CSMS',
  MFRootCertificate: 'MF',
};

/** Lists what is installed, in the words of the CSMS. */
export class InstalledCertificates {
  readonly #vault: CertificateVault;
  readonly #trust: Trust;

  constructor(vault: CertificateVault, trust: Trust) {
    this.#vault = vault;
    this.#trust = trust;
  }

  list(wanted: readonly CertificateType[]): readonly HashChain[] {
    return wanted.flatMap((type) => (type === 'V2GCertificateChain' ? this.#chains() : this.#roots(type)));
  }

  /** What an OCSP responder is to be asked about the station's own certificates of the charging protocol. */
  ocspRequests(): readonly OcspRequest[] {
    const requests = this.#trust.usableLeafs('V2G').flatMap(({ path }) => this.#requests(path));
    return requests.filter((request, place) => requests.findIndex((other) => isSame(other, request)) === place);
  }

  /** What an OCSP responder is to be asked about a contract's chain; nothing where nobody known stands behind it. */
  ocspRequestsOf(chain: readonly Certificate[]): readonly OcspRequest[] {
    const { result, path } = this.#trust.verify(chain, ['V2G', 'MO']);
    return result === 'Valid' ? this.#requests(path) : [];
  }

  #requests(path: readonly Certificate[]): readonly OcspRequest[] {
    const hashes = this.#trust.hashes(path);
    return path.flatMap((certificate, place) => {
      const hash = hashes[place];
      const url = certificate.responderUrl;
      return hash === undefined || url === undefined || certificate.isSelfSigned
        ? []
        : [{ certificate_hash_data: hash, responder_url: url }];
    });
  }

  #roots(type: keyof typeof rootTypes): readonly HashChain[] {
    const store = this.#vault.authorities[rootTypes[type]];
    const below = store.certificates().filter(({ isSelfSigned }) => !isSelfSigned);
    return store.roots().map((root) => {
      const children = below
        .filter((certificate) => this.#trust.verify([certificate], [rootTypes[type]]).path.at(-1)?.equals(root))
        .flatMap((certificate) => this.#trust.hashOfAuthority(certificate, rootTypes[type]) ?? []);
      return chain(type, root.hashData(root), children);
    });
  }

  #chains(): readonly HashChain[] {
    return this.#trust.usableLeafs('V2G').flatMap(({ path }) => {
      const [leaf, ...above] = this.#trust.hashes(path);
      const subCas = above.flatMap((hash, place) => (hash && !path[place + 1]?.isSelfSigned ? [hash] : []));
      return leaf ? [chain('V2GCertificateChain', leaf, subCas)] : [];
    });
  }
}

function chain(type: CertificateType, hash: HashData, children: readonly HashData[]): HashChain {
  return {
    certificate_type: type,
    certificate_hash_data: hash,
    ...(children.length > 0 ? { child_certificate_hash_data: children } : {}),
  };
}

function isSame(a: OcspRequest, b: OcspRequest): boolean {
  const [left, right] = [a.certificate_hash_data, b.certificate_hash_data];
  return left !== undefined && right !== undefined && isSameHashData(left, right);
}
