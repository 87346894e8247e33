import type { types } from '@chargemesh/contracts';
import type { Certificate } from './certificate.ts';

type Result = types.evse_security.CertificateValidationResult;

/** What became of a verification, and the way from the leaf to the trust anchor, both included, as far as it was found. */
export interface VerifiedChain {
  readonly result: Result;
  readonly path: readonly Certificate[];
}

const LONGEST_PATH = 10;

/**
 * Verifies a chain, leaf first, against trust anchors. The order of the rest does not matter; self-signed certificates in it are
 * ignored, since only the station says whom it trusts.
 * @see RFC 5280 section 6
 */
export function verifyChain(
  chain: readonly Certificate[],
  anchors: readonly Certificate[],
  atMs: number,
): VerifiedChain {
  const [leaf, ...rest] = chain;
  if (!leaf) return { result: 'InvalidChain', path: [] };
  const helpers = rest.filter(({ isSelfSigned }) => !isSelfSigned);
  const path: Certificate[] = [leaf];
  for (let current = leaf; path.length <= LONGEST_PATH; ) {
    if (anchors.some((anchor) => anchor.equals(current)) && (current.isSelfSigned || path.length > 1))
      return { result: path.every((certificate) => certificate.isValidAt(atMs)) ? 'Valid' : 'Expired', path };
    const named = [...anchors, ...helpers].filter((issuer) => current.isNamedIssuer(issuer) && !path.includes(issuer));
    if (named.length === 0) return { result: 'IssuerNotFound', path };
    const signers = named.filter((issuer) => current.isSignedBy(issuer));
    // Of two roots with the same name and key, the one that is valid now counts.
    const issuer = signers.find((signer) => signer.isValidAt(atMs)) ?? signers[0];
    if (!issuer) return { result: path.length === 1 ? 'InvalidLeafSignature' : 'InvalidSignature', path };
    if (!issuer.isCa) return { result: 'InvalidChain', path };
    path.push(issuer);
    current = issuer;
  }
  return { result: 'InvalidChain', path };
}
