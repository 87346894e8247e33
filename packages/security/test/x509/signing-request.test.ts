import { createPrivateKey, createPublicKey, verify } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { readDer } from '../../src/der/der-reader.ts';
import { makeSigningRequest } from '../../src/x509/signing-request.ts';

const subject = { commonName: 'DE*CPO*1', organization: 'Straße & Söhne', country: 'DE' };

test('asks for whom it was told, signed with the new key', () => {
  const { requestPem, keyPem } = makeSigningRequest(subject, '');
  const bytes = Buffer.from(requestPem.replaceAll(/-----[^-]+-----|\n/g, ''), 'base64');
  const [request] = readDer(bytes);
  const [information, , signature] = readDer(request?.content ?? Buffer.alloc(0));
  const publicKey = createPublicKey(keyPem);
  const signed = signature?.content.subarray(1) ?? Buffer.alloc(0);
  expect(verify('sha256', information?.whole ?? Buffer.alloc(0), publicKey, signed)).toBe(true);
  const [version, name, key] = readDer(information?.content ?? Buffer.alloc(0));
  expect(version?.content).toEqual(Buffer.from([0]));
  expect(name?.content.toString()).toContain('Straße & Söhne');
  expect(name?.content.toString()).toContain('DE*CPO*1');
  expect(key?.whole).toEqual(publicKey.export({ format: 'der', type: 'spki' }));
});

test('encrypts the key with the password', () => {
  const { keyPem } = makeSigningRequest(subject, '123456');
  expect(keyPem).toContain('BEGIN ENCRYPTED PRIVATE KEY');
  expect(() => createPrivateKey({ key: keyPem, passphrase: 'wrong' })).toThrow();
  expect(createPrivateKey({ key: keyPem, passphrase: '123456' }).asymmetricKeyType).toBe('ec');
});
