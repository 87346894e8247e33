import { sign } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestMesh } from '@chargemesh/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EvseSecurityModule } from '../src/index.ts';
import { Certificate } from '../src/x509/certificate.ts';
import { type MadeCertificate, makeCertificate } from './support/make-certificate.ts';

let folder: string;
let certs: string;
let mesh: TestMesh;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargemesh-'));
  certs = join(folder, 'security', 'certs');
});
afterEach(async () => {
  await mesh.stop();
  rmSync(folder, { recursive: true });
});

async function startMesh(config: Record<string, string> = {}, runOptions: Record<string, string> = {}) {
  mesh = new TestMesh({ stateDir: folder });
  mesh.add(EvseSecurityModule, { id: 'security', config, runOptions });
  await mesh.start();
}
const call = (command: string, args: object = {}) => mesh.call('security', 'main', command, args);
const install = (made: MadeCertificate, type: string) =>
  call('install_ca_certificate', { certificate: made.pem, certificate_type: type });
const updates = () => mesh.values('security', 'main', 'certificate_store_update');
const info = (type: string, options: object = {}) =>
  call('get_leaf_certificate_info', { certificate_type: type, encoding: 'PEM', include_ocsp: false, ...options });
const hashOf = (made: MadeCertificate, issuer: MadeCertificate = made) =>
  new Certificate(made.pem).hashData(new Certificate(issuer.pem));

const root = makeCertificate({ name: 'Root', ca: true });
const sub = makeCertificate({ name: 'Sub', ca: true, issuer: root, ocspUrl: 'http://ocsp.test/sub' });
const leaf = makeCertificate({ name: 'SECC', issuer: sub, ocspUrl: 'http://ocsp.test/leaf', to: '20260201000000Z' });
const expired = makeCertificate({ name: 'Old', ca: true, from: '20240101000000Z', to: '20250101000000Z' });

/** Puts the station's own certificate for the charging protocol where it belongs, root included. */
async function installLeaf() {
  await install(root, 'V2G');
  writeFileSync(join(certs, 'client', 'cso', 'SECC.key'), leaf.keyPem);
  const chain = leaf.pem + sub.pem;
  return call('update_leaf_certificate', { certificate_chain: chain, certificate_type: 'V2G' });
}

test('makes the folders and bundles that are missing', async () => {
  await startMesh();
  for (const path of [
    'ca/csms/CSMS_ROOT_CA.pem',
    'ca/mf/MF_ROOT_CA.pem',
    'ca/mo/MO_ROOT_CA.pem',
    'client/csms',
    'client/cso',
  ])
    expect(existsSync(join(certs, path))).toBe(true);
});

test('keeps them below the prefix of an installation, where there is one', async () => {
  await startMesh({}, { prefix: join(folder, 'prefix') });
  expect(existsSync(join(folder, 'prefix/etc/everest/certs/ca/v2g/V2G_ROOT_CA.pem'))).toBe(true);
});

describe('without certificates', () => {
  test('says so in every command', async () => {
    await startMesh();
    const type = { certificate_type: 'CSMS' };
    expect(await call('is_ca_certificate_installed', type)).toBe(false);
    expect(await call('get_verify_file', type)).toBe('');
    expect(await call('get_verify_location', type)).toBe('');
    expect(await info('CSMS')).toEqual({ status: 'NotFound' });
    expect(await info('MF')).toEqual({ status: 'Rejected' });
    expect(await info('CSMS', { encoding: 'DER' })).toEqual({ status: 'Rejected' });
    expect(await call('get_leaf_expiry_days_count', type)).toBe(0);
    expect(await call('get_v2g_ocsp_request_data')).toEqual({ ocsp_request_data_list: [] });
    expect(await call('get_installed_certificates', { certificate_types: ['CSMSRootCertificate'] })).toEqual({
      status: 'NotFound',
      certificate_hash_data_chain: [],
    });
    expect(await call('delete_certificate', { certificate_hash_data: hashOf(root) })).toBe('NotFound');
    const all = { ...type, encoding: 'PEM', include_ocsp: true };
    expect(await call('get_all_valid_certificates_info', all)).toEqual({ status: 'NotFound', info: [] });
  });
});

describe('authorities', () => {
  test.each([
    ['a bundle', {}],
    ['a folder', { csms_ca_bundle: 'ca/csms_roots' }],
  ])('are installed, found, listed and removed in %s', async (_, config) => {
    await startMesh(config);
    const type = { certificate_type: 'CSMS' };
    expect(await install(root, 'CSMS')).toBe('Accepted');
    expect(await install(root, 'CSMS')).toBe('Accepted');
    expect(await install(sub, 'CSMS')).toBe('Accepted');
    expect(updates()).toHaveLength(3);
    expect(updates()[0]).toEqual({ operation: 'Installed', ca_certificate_type: 'CSMS' });
    expect(await call('is_ca_certificate_installed', type)).toBe(true);
    expect(readFileSync(String(await call('get_verify_file', type)), 'utf8')).toContain(root.pem);
    const location = readFileSync(String(await call('get_verify_location', type)), 'utf8');
    expect(location.match(/BEGIN/g)).toHaveLength(2);
    expect(await call('get_installed_certificates', { certificate_types: ['CSMSRootCertificate'] })).toEqual({
      status: 'Accepted',
      certificate_hash_data_chain: [
        {
          certificate_type: 'CSMSRootCertificate',
          certificate_hash_data: hashOf(root),
          child_certificate_hash_data: [hashOf(sub, root)],
        },
      ],
    });
    expect(await call('delete_certificate', { certificate_hash_data: hashOf(root) })).toBe('Accepted');
    expect(updates().at(-1)).toEqual({ operation: 'Deleted', ca_certificate_type: 'CSMS' });
    expect(await call('is_ca_certificate_installed', type)).toBe(false);
    expect(await call('delete_certificate', { certificate_hash_data: hashOf(root) })).toBe('NotFound');
  });

  test('survive a restart, each in its own matter', async () => {
    await startMesh();
    await install(root, 'MO');
    await mesh.stop();
    await startMesh();
    expect(await call('is_ca_certificate_installed', { certificate_type: 'MO' })).toBe(true);
    expect(await call('is_ca_certificate_installed', { certificate_type: 'V2G' })).toBe(false);
  });

  test('are refused when they are expired or no certificate', async () => {
    await startMesh();
    expect(await install(expired, 'CSMS')).toBe('Expired');
    expect(await install({ ...root, pem: 'hello' }, 'CSMS')).toBe('InvalidFormat');
    expect(await install({ ...root, pem: root.pem + sub.pem }, 'CSMS')).toBe('InvalidFormat');
    expect(updates()).toEqual([]);
  });

  test('a broken file in a folder does not hide the others', async () => {
    mkdirSync(join(certs, 'ca/csms_roots'), { recursive: true });
    writeFileSync(join(certs, 'ca/csms_roots/a.pem'), root.pem.replace(/\n.{30}/, '\n'));
    writeFileSync(join(certs, 'ca/csms_roots/b.pem'), root.pem);
    await startMesh({ csms_ca_bundle: 'ca/csms_roots' });
    expect(await call('get_verify_file', { certificate_type: 'CSMS' })).toBe(join(certs, 'ca/csms_roots/b.pem'));
  });
});

describe('chains', () => {
  test('are verified against the stores that are asked for', async () => {
    await startMesh();
    await install(root, 'V2G');
    const verify = (chain: string, ...types: string[]) =>
      call('verify_certificate', { certificate_chain: chain, certificate_types: types });
    expect(await verify(leaf.pem + sub.pem, 'V2G')).toBe('Valid');
    expect(await verify(leaf.pem + sub.pem, 'MO', 'V2G')).toBe('Valid');
    expect(await verify(leaf.pem + sub.pem, 'MO')).toBe('IssuerNotFound');
    expect(await verify('hello', 'V2G')).toBe('InvalidChain');
    await mesh.clock.advance(40 * 86_400_000);
    expect(await verify(leaf.pem + sub.pem, 'V2G')).toBe('Expired');
  });
});

describe("the station's own certificate", () => {
  test('is installed for a key that the station has, and is found with it', async () => {
    await startMesh({ private_key_password: '123456' });
    expect(await installLeaf()).toBe('Accepted');
    expect(updates().at(-1)).toEqual({ operation: 'Installed', leaf_certificate_type: 'V2G' });
    const answer = (await info('V2G', { include_ocsp: true })) as { status: string; info: Record<string, string> };
    expect(answer.status).toBe('Accepted');
    expect(answer.info).toMatchObject({
      key: join(certs, 'client/cso/SECC.key'),
      certificate_count: 2,
      password: '123456',
      ocsp: [{ hash: hashOf(leaf, sub) }, { hash: hashOf(sub, root) }, { hash: hashOf(root) }],
    });
    expect(readFileSync(answer.info.certificate ?? '', 'utf8')).toBe(leaf.pem + sub.pem);
    expect(readFileSync(answer.info.certificate_single ?? '', 'utf8')).toBe(leaf.pem);
    const all = { certificate_type: 'V2G', encoding: 'PEM', include_ocsp: false };
    expect(await call('get_all_valid_certificates_info', all)).toMatchObject({
      status: 'Accepted',
      info: [{ certificate_root: root.pem }],
    });
    expect(await call('get_leaf_expiry_days_count', { certificate_type: 'V2G' })).toBe(31);
  });

  test('is listed with what is above it, root left out, and removed with its files and key', async () => {
    await startMesh();
    await installLeaf();
    expect(await call('get_installed_certificates', { certificate_types: ['V2GCertificateChain'] })).toEqual({
      status: 'Accepted',
      certificate_hash_data_chain: [
        {
          certificate_type: 'V2GCertificateChain',
          certificate_hash_data: hashOf(leaf, sub),
          child_certificate_hash_data: [hashOf(sub, root)],
        },
      ],
    });
    expect(await call('delete_certificate', { certificate_hash_data: hashOf(leaf, sub) })).toBe('Accepted');
    expect(updates().at(-1)).toEqual({ operation: 'Deleted', leaf_certificate_type: 'V2G' });
    expect(readdirSync(join(certs, 'client/cso'))).toEqual([]);
    expect(await info('V2G')).toEqual({ status: 'NotFound' });
  });

  test('of two, the one that lasts longest is used; without a key or expired, none', async () => {
    const place = join(certs, 'client/cso');
    mkdirSync(place, { recursive: true });
    const longer = makeCertificate({ name: 'Longer', issuer: root, to: '20300101000000Z' });
    writeFileSync(join(place, 'longer.pem'), longer.pem);
    await startMesh();
    expect(await info('V2G')).toEqual({ status: 'PrivateKeyNotFound' });
    await installLeaf();
    expect(await info('V2G')).toMatchObject({ info: { certificate_count: 2 } });
    writeFileSync(join(place, 'longer.key'), longer.keyPem);
    expect(await info('V2G')).toMatchObject({ info: { certificate_single: join(place, 'longer.pem') } });
    await mesh.clock.advance(5 * 365 * 86_400_000);
    expect(await info('V2G')).toEqual({ status: 'NotFoundValid' });
  });

  test('is refused without a root, a chain or a key', async () => {
    await startMesh();
    const update = (chain: string, type = 'V2G') =>
      call('update_leaf_certificate', { certificate_chain: chain, certificate_type: type });
    expect(await update(leaf.pem + sub.pem)).toBe('NoRootCertificateInstalled');
    await install(root, 'V2G');
    expect(await update(leaf.pem)).toBe('InvalidCertificateChain');
    expect(await update('hello')).toBe('InvalidFormat');
    expect(await update(leaf.pem + sub.pem)).toBe('WriteError');
    expect(await update(leaf.pem + sub.pem, 'MO')).toBe('WriteError');
    const forged = makeCertificate({ name: 'Forged', issuer: root, forged: true });
    expect(await update(forged.pem)).toBe('InvalidSignature');
    expect(readdirSync(join(certs, 'client/cso'))).toEqual([]);
  });

  test('for the CSMS is never deleted', async () => {
    await startMesh();
    await install(root, 'CSMS');
    const client = makeCertificate({ name: 'cp001', issuer: root });
    writeFileSync(join(certs, 'client/csms/cp001.key'), client.keyPem);
    await call('update_leaf_certificate', { certificate_chain: client.pem, certificate_type: 'CSMS' });
    expect(await call('delete_certificate', { certificate_hash_data: hashOf(client, root) })).toBe('Failed');
    expect(await info('CSMS')).toMatchObject({ status: 'Accepted' });
  });

  test('is asked for with a key that is kept and fits the answer', async () => {
    await startMesh({ private_key_password: '123456' });
    const request = { country: 'DE', organization: 'Chargemesh', common: 'cp001', use_tpm: false };
    const ask = (type: string, change: object = {}) =>
      call('generate_certificate_signing_request', { certificate_type: type, ...request, ...change });
    expect(await ask('CSMS')).toMatchObject({
      status: 'Accepted',
      csr: expect.stringContaining('BEGIN CERTIFICATE REQUEST'),
    });
    expect(
      readFileSync(join(certs, 'client/csms', readdirSync(join(certs, 'client/csms'))[0] ?? ''), 'utf8'),
    ).toContain('ENCRYPTED PRIVATE KEY');
    expect(await ask('MO')).toEqual({ status: 'InvalidRequestedType' });
    expect(await ask('V2G', { use_tpm: true })).toEqual({ status: 'KeyGenError' });
    expect(await ask('V2G', { country: 'Germany' })).toEqual({ status: 'GenerationError' });
  });
});

describe('OCSP', () => {
  test('is asked about leaf and sub CA, and its answers are kept beside them', async () => {
    await startMesh();
    await installLeaf();
    expect(await call('get_v2g_ocsp_request_data')).toEqual({
      ocsp_request_data_list: [
        { certificate_hash_data: hashOf(leaf, sub), responder_url: 'http://ocsp.test/leaf' },
        { certificate_hash_data: hashOf(sub, root), responder_url: 'http://ocsp.test/sub' },
      ],
    });
    const update = (made: MadeCertificate, issuer: MadeCertificate, answer: string) =>
      call('update_ocsp_cache', {
        certificate_hash_data: hashOf(made, issuer),
        ocsp_response: Buffer.from(answer).toString('base64'),
      });
    await update(leaf, sub, 'first');
    await update(leaf, sub, 'good');
    const answer = (await info('V2G', { include_ocsp: true })) as { info: { ocsp: { ocsp_path?: string }[] } };
    const [ofLeaf, ofSub] = answer.info.ocsp;
    expect(readFileSync(ofLeaf?.ocsp_path ?? '', 'utf8')).toBe('good');
    expect(ofSub?.ocsp_path).toBeUndefined();
    await expect(update(expired, expired, 'good')).rejects.toThrow('no installed certificate');
  });

  test('is asked about a contract only when somebody known stands behind it', async () => {
    await startMesh();
    const ask = () => call('get_mo_ocsp_request_data', { certificate_chain: leaf.pem + sub.pem });
    expect(await ask()).toEqual({ ocsp_request_data_list: [] });
    await install(root, 'MO');
    expect(await ask()).toMatchObject({ ocsp_request_data_list: [{ responder_url: 'http://ocsp.test/leaf' }, {}] });
  });
});

test('verifies the signature of a file', async () => {
  await startMesh();
  const file = join(folder, 'firmware.bin');
  writeFileSync(file, 'firmware');
  const check = (data: string, path = file, certificate = leaf.pem) =>
    call('verify_file_signature', {
      file_path: path,
      signing_certificate: certificate,
      signature: sign('sha256', Buffer.from(data), leaf.key).toString('base64'),
    });
  expect(await check('firmware')).toBe(true);
  expect(await check('malware')).toBe(false);
  expect(await check('firmware', `${file}.missing`)).toBe(false);
  expect(await check('firmware', file, 'no certificate')).toBe(false);
});
