import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Certificate, isSameHashData } from '../../src/x509/certificate.ts';
import { readCertificates } from '../../src/x509/read-certificates.ts';
import { makeCertificate } from '../support/make-certificate.ts';

const root = makeCertificate({ name: 'Root', ca: true });
const leaf = makeCertificate({ name: 'Leaf', issuer: root, ocspUrl: 'http://ocsp.test/v2g' });

test('tells what it is', () => {
  const [r, l] = [new Certificate(root.pem), new Certificate(leaf.pem)];
  expect([r.isSelfSigned, r.isCa, r.responderUrl]).toEqual([true, true, undefined]);
  expect([l.isSelfSigned, l.isCa, l.responderUrl]).toEqual([false, false, 'http://ocsp.test/v2g']);
  expect([l.isNamedIssuer(r), l.isSignedBy(r), r.isSignedBy(l)]).toEqual([true, true, false]);
  expect([l.matchesKey(leaf.key), l.matchesKey(root.key)]).toEqual([true, false]);
});

test('is valid from its first to its last second', () => {
  const certificate = new Certificate(
    makeCertificate({ name: 'Short', from: '20260101000000Z', to: '20260102000000Z' }).pem,
  );
  const first = 1_767_225_600_000;
  expect([first - 1, first, first + 86_400_000, first + 86_400_001].map((ms) => certificate.isValidAt(ms))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test('is called by name and key of its issuer and its number', () => {
  const [r, l] = [new Certificate(root.pem), new Certificate(leaf.pem)];
  const data = l.hashData(r);
  // Name: SEQUENCE { SET { SEQUENCE { 2.5.4.3, UTF8String "Root" } } }
  const name = Buffer.from('300f310d300b06035504030c04526f6f74', 'hex');
  expect(data.issuer_name_hash).toBe(createHash('sha256').update(name).digest('hex'));
  // The last 65 bytes of a P-256 key are its point, uncompressed: the bits of the bit string.
  const point = r.publicKey.export({ format: 'der', type: 'spki' }).subarray(-65);
  expect(data.issuer_key_hash).toBe(createHash('sha256').update(point).digest('hex'));
  expect(data.hash_algorithm).toBe('SHA256');
  expect(data.serial_number).toMatch(/^A[0-9A-F]{14}$/);
  expect(isSameHashData(data, { ...data, serial_number: `0${data.serial_number.toLowerCase()}` })).toBe(true);
  expect(isSameHashData(data, r.hashData(r))).toBe(false);
});

test('reads all certificates of a text and refuses a broken one', () => {
  expect(readCertificates(`comment\n${root.pem}\nmore\n${leaf.pem}`).map(({ subject }) => subject)).toEqual([
    'CN=Root',
    'CN=Leaf',
  ]);
  expect(readCertificates('nothing here')).toEqual([]);
  expect(() => readCertificates(root.pem.replace(/\n.{20}/, '\n'))).toThrow('no certificate');
});
