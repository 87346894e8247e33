import type { Clock } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { CertificateVault, OwnLeafType } from './certificate-vault.ts';
import type { Leaf } from './store/leaf-store.ts';
import type { Certificate } from './x509/certificate.ts';
import { type VerifiedChain, verifyChain } from './x509/verify-chain.ts';

type CaType = types.evse_security.CaCertificateType;
type HashData = types.evse_security.CertificateHashData;

/** A leaf of the station that is valid now, whose key is on file, with the way to its root. */
export interface UsableLeaf {
  readonly leaf: Leaf;
  readonly keyFile: string;
  /** Leaf first, root last; without the root where the station does not know it. */
  readonly path: readonly Certificate[];
}

/** Who is trusted by the certificates in the vault, and what they are called. */
export class Trust {
  readonly #vault: CertificateVault;
  readonly #clock: Clock;

  constructor(vault: CertificateVault, clock: Clock) {
    this.#vault = vault;
    this.#clock = clock;
  }

  verify(chain: readonly Certificate[], types: readonly CaType[]): VerifiedChain {
    const anchors = types.flatMap((type) => this.#vault.authorities[type].certificates());
    return verifyChain(chain, anchors, this.#clock.wallMs());
  }

  isValidNow(certificate: Certificate): boolean {
    return certificate.isValidAt(this.#clock.wallMs());
  }

  /** The leafs that can be used now, the one that lasts longest first. */
  usableLeafs(type: OwnLeafType): readonly UsableLeaf[] {
    const store = this.#vault.leafs[type];
    return store
      .leafs()
      .filter(({ certificate }) => this.isValidNow(certificate))
      .flatMap((leaf) => {
        const keyFile = store.keyFile(leaf.certificate);
        return keyFile === undefined ? [] : [{ leaf, keyFile, path: this.verify(leaf.chain, [type]).path }];
      })
      .sort((a, b) => b.leaf.certificate.notAfterMs - a.leaf.certificate.notAfterMs);
  }

  /** What each certificate of a path is called, by the one above it; undefined where that one is not known. */
  hashes(path: readonly Certificate[]): readonly (HashData | undefined)[] {
    return path.map((certificate, place) => {
      const issuer = certificate.isSelfSigned ? certificate : path[place + 1];
      return issuer && certificate.hashData(issuer);
    });
  }

  /** What a certificate of a trust store is called. */
  hashOfAuthority(certificate: Certificate, type: CaType): HashData | undefined {
    if (certificate.isSelfSigned) return certificate.hashData(certificate);
    const issuer = this.#vault.authorities[type]
      .certificates()
      .find((other) => certificate.isNamedIssuer(other) && certificate.isSignedBy(other));
    return issuer && certificate.hashData(issuer);
  }
}
