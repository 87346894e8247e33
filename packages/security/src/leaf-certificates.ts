import { type Logger, messageOf } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { CertificateVault, OwnLeafType } from './certificate-vault.ts';
import type { Trust, UsableLeaf } from './trust.ts';
import { type Certificate, isSameHashData } from './x509/certificate.ts';
import { readCertificates } from './x509/read-certificates.ts';
import { makeSigningRequest, type RequestSubject } from './x509/signing-request.ts';

type LeafType = types.evse_security.LeafCertificateType;
type HashData = types.evse_security.CertificateHashData;
type InstallResult = types.evse_security.InstallCertificateResult;
type VerifyResult = types.evse_security.CertificateValidationResult;
type CertificateInfo = types.evse_security.CertificateInfo;
type InfoStatus = types.evse_security.GetCertificateInfoStatus;
type Encoding = types.evse_security.EncodingFormat;

const MS_PER_DAY = 86_400_000;

/** What a chain that does not hold is called where a certificate is installed. */
const installResults: Readonly<Record<Exclude<VerifyResult, 'Valid'>, InstallResult>> = {
  Expired: 'Expired',
  InvalidSignature: 'InvalidSignature',
  InvalidLeafSignature: 'InvalidSignature',
  IssuerNotFound: 'InvalidCertificateChain',
  InvalidChain: 'InvalidCertificateChain',
  Unknown: 'InvalidCertificateChain',
};

/** The station's own certificates: finding, installing, removing and asking for them. */
export class LeafCertificates {
  readonly #vault: CertificateVault;
  readonly #trust: Trust;
  readonly #log: Logger;

  constructor(vault: CertificateVault, trust: Trust, log: Logger) {
    this.#vault = vault;
    this.#trust = trust;
    this.#log = log;
  }

  /** The certificate that lasts longest of those that can be used now. */
  info(
    type: LeafType,
    encoding: Encoding,
    withOcsp: boolean,
  ): { readonly status: InfoStatus; readonly info?: CertificateInfo } {
    const refusal = this.#refusal(type, encoding);
    if (refusal || !isOwn(type)) return { status: refusal ?? 'Rejected' };
    const [newest] = this.#trust.usableLeafs(type);
    return newest ? { status: 'Accepted', info: this.#describe(newest, withOcsp) } : { status: this.#lack(type) };
  }

  /** For each root the certificate below it that lasts longest. */
  allInfos(
    type: LeafType,
    encoding: Encoding,
    withOcsp: boolean,
  ): { readonly status: InfoStatus; readonly info: readonly CertificateInfo[] } {
    const refusal = this.#refusal(type, encoding);
    if (refusal || !isOwn(type)) return { status: refusal ?? 'Rejected', info: [] };
    const byRoot = new Map<string, CertificateInfo>();
    for (const usable of this.#trust.usableLeafs(type)) {
      const root = usable.path.at(-1);
      if (!root?.isSelfSigned || byRoot.has(root.fingerprint)) continue;
      byRoot.set(root.fingerprint, { ...this.#describe(usable, withOcsp), certificate_root: root.pem });
    }
    const info = [...byRoot.values()];
    return info.length > 0 ? { status: 'Accepted', info } : { status: this.#lack(type), info };
  }

  /** Whole days until the certificate in use is no longer valid; 0 without one. */
  daysLeft(type: LeafType, nowMs: number): number {
    const newest = isOwn(type) ? this.#trust.usableLeafs(type)[0] : undefined;
    return newest ? Math.floor((newest.leaf.certificate.notAfterMs - nowMs) / MS_PER_DAY) : 0;
  }

  /** Installs a new certificate for a key that the station has. */
  update(chainPem: string, type: LeafType): InstallResult {
    if (!isOwn(type)) {
      this.#log.warn(`the station has no certificate of its own for ${type}`);
      return 'WriteError';
    }
    const chain = parse(chainPem);
    const [leaf] = chain;
    if (!leaf) return 'InvalidFormat';
    if (!this.#vault.authorities[type].roots().some((root) => this.#trust.isValidNow(root)))
      return 'NoRootCertificateInstalled';
    const { result } = this.#trust.verify(chain, [type]);
    if (result !== 'Valid') return installResults[result];
    const store = this.#vault.leafs[type];
    if (store.keyFile(leaf) === undefined) {
      this.#log.warn(`there is no key for the certificate ${leaf.subject}`);
      return 'WriteError';
    }
    try {
      store.add(chain);
    } catch (error) {
      this.#log.error(`the certificate ${leaf.subject} was not written: ${messageOf(error)}`);
      return 'WriteError';
    }
    return 'Accepted';
  }

  /** Removes a certificate of the charging protocol with its key. The one that connects the station to its CSMS is never removed. */
  remove(data: HashData): 'removed' | 'refused' | 'unknown' {
    const isIt = ({ chain }: { readonly chain: readonly Certificate[] }, type: OwnLeafType): boolean => {
      const [own] = this.#trust.hashes(this.#trust.verify(chain, [type]).path);
      return own !== undefined && isSameHashData(own, data);
    };
    if (this.#vault.leafs.CSMS.leafs().some((leaf) => isIt(leaf, 'CSMS'))) return 'refused';
    const unwanted = this.#vault.leafs.V2G.leafs().filter((leaf) => isIt(leaf, 'V2G'));
    for (const leaf of unwanted) this.#vault.leafs.V2G.remove(leaf);
    if (unwanted.length === 0) return 'unknown';
    this.#vault.ocsp.leafs.remove(data);
    return 'removed';
  }

  /** Makes a key and asks for a certificate for it. The key is on disk before the request leaves. */
  request(
    type: LeafType,
    subject: RequestSubject,
    useTpm: boolean,
  ): { readonly status: types.evse_security.GetCertificateSignRequestStatus; readonly csr?: string } {
    if (!isOwn(type)) return { status: 'InvalidRequestedType' };
    if (useTpm) {
      this.#log.warn('a certificate signing request with a TPM is refused: this station has none that it can use');
      return { status: 'KeyGenError' };
    }
    if (!/^[A-Za-z]{2}$/.test(subject.country)) {
      this.#log.warn(`a certificate signing request is refused: ${subject.country} is no country of two letters`);
      return { status: 'GenerationError' };
    }
    const { requestPem, keyPem } = makeSigningRequest(subject, this.#vault.password);
    try {
      this.#vault.leafs[type].addKey(keyPem);
    } catch (error) {
      this.#log.error(`the new key was not written: ${messageOf(error)}`);
      return { status: 'KeyGenError' };
    }
    return { status: 'Accepted', csr: requestPem };
  }

  #refusal(type: LeafType, encoding: Encoding): InfoStatus | undefined {
    if (isOwn(type) && encoding === 'PEM') return undefined;
    this.#log.warn(`information on a ${type} certificate in ${encoding} is refused: only CSMS and V2G, only PEM`);
    return 'Rejected';
  }

  /** Why no certificate can be used. */
  #lack(type: OwnLeafType): InfoStatus {
    const leafs = this.#vault.leafs[type].leafs();
    if (leafs.length === 0) return 'NotFound';
    return leafs.some(({ certificate }) => this.#trust.isValidNow(certificate))
      ? 'PrivateKeyNotFound'
      : 'NotFoundValid';
  }

  #describe({ leaf, keyFile, path }: UsableLeaf, withOcsp: boolean): CertificateInfo {
    const ocsp = (hash: HashData) => {
      const file = this.#vault.ocsp.leafs.find(hash) ?? this.#vault.ocsp.V2G.find(hash);
      return { hash, ...(file === undefined ? {} : { ocsp_path: file }) };
    };
    return {
      key: keyFile,
      ...(leaf.chainFile === undefined ? {} : { certificate: leaf.chainFile }),
      ...(leaf.singleFile === undefined ? {} : { certificate_single: leaf.singleFile }),
      certificate_count: leaf.chain.length,
      ...(this.#vault.password === '' ? {} : { password: this.#vault.password }),
      ...(withOcsp ? { ocsp: this.#trust.hashes(path).flatMap((hash) => (hash ? [ocsp(hash)] : [])) } : {}),
    };
  }
}

function isOwn(type: LeafType): type is OwnLeafType {
  return type === 'CSMS' || type === 'V2G';
}

function parse(pem: string): readonly Certificate[] {
  try {
    return readCertificates(pem);
  } catch {
    return [];
  }
}
