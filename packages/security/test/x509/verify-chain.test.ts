import { expect, test } from '@jest/globals';
import { Certificate } from '../../src/x509/certificate.ts';
import { verifyChain } from '../../src/x509/verify-chain.ts';
import { type CertificateWishes, type MadeCertificate, makeCertificate } from '../support/make-certificate.ts';

const NOW = 1_767_225_600_000;
const expired = { from: '20240101000000Z', to: '20250101000000Z' };

const root = makeCertificate({ name: 'Root', ca: true });
const sub1 = makeCertificate({ name: 'Sub 1', ca: true, issuer: root });
const sub2 = makeCertificate({ name: 'Sub 2', ca: true, issuer: sub1 });
const leafOf = (issuer: MadeCertificate, wishes: Partial<CertificateWishes> = {}) =>
  makeCertificate({ name: 'Leaf', issuer, ...wishes });
const leaf = leafOf(sub2);
const noAuthority = makeCertificate({ name: 'No authority', issuer: root });
const oldSub = makeCertificate({ name: 'Old sub', ca: true, issuer: root, ...expired });
const forgedSub = makeCertificate({ name: 'Forged sub', ca: true, issuer: root, forged: true });
const verify = (chain: readonly MadeCertificate[], anchors: readonly MadeCertificate[]) => {
  const read = (made: readonly MadeCertificate[]) => made.map(({ pem }) => new Certificate(pem));
  const { result, path } = verifyChain(read(chain), read(anchors), NOW);
  return [result, ...path.map(({ subject }) => subject.slice('CN='.length))];
};

test('finds the way to the root in whatever order the chain is', () => {
  expect(verify([leaf, sub2, sub1], [root])).toEqual(['Valid', 'Leaf', 'Sub 2', 'Sub 1', 'Root']);
  expect(verify([leaf, root, sub1, sub2], [root])[0]).toBe('Valid');
});

test('a sub CA in the store is as good as one in the chain', () => {
  expect(verify([leaf, sub2], [root, sub1])[0]).toBe('Valid');
  expect(verify([leaf, sub2], [sub1])).toEqual(['Valid', 'Leaf', 'Sub 2', 'Sub 1']);
});

test.each([
  ['IssuerNotFound', 'the way ends', [leaf, sub2], [root]],
  ['IssuerNotFound', 'a root that came along is not trusted', [leaf, sub2, sub1, root], []],
  ['IssuerNotFound', 'another root', [leaf, sub2, sub1], [makeCertificate({ name: 'Other', ca: true })]],
  ['InvalidChain', 'nothing', [], [root]],
  ['InvalidChain', 'the issuer is no authority', [leafOf(noAuthority), noAuthority], [root]],
  ['Expired', 'the leaf', [leafOf(root, expired)], [root]],
  ['Expired', 'a sub CA', [leafOf(oldSub), oldSub], [root]],
  ['InvalidLeafSignature', 'a forged leaf', [leafOf(sub2, { forged: true }), sub2, sub1], [root]],
  ['InvalidSignature', 'a forged sub CA', [leafOf(forgedSub), forgedSub], [root]],
])('%s: %s', (result, _, chain, anchors) => {
  expect(verify(chain, anchors)[0]).toBe(result);
});

test('of two roots with one name and key, an old and a new one, the new one counts', () => {
  const old = makeCertificate({ name: 'Root', ca: true, key: root.key, ...expired });
  expect(verify([leafOf(root)], [old, root])).toEqual(['Valid', 'Leaf', 'Root']);
});
