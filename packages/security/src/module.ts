import { join } from 'node:path';
import { ChargemeshError, messageOf } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { defineModule, type Module, type ModuleDefinition } from '@chargemesh/framework';
import { CaCertificates } from './ca-certificates.ts';
import { openVault } from './certificate-vault.ts';
import { InstalledCertificates } from './installed-certificates.ts';
import { LeafCertificates } from './leaf-certificates.ts';
import { Trust } from './trust.ts';
import { verifyFileSignature } from './verify-file-signature.ts';
import { isSameHashData } from './x509/certificate.ts';
import { readCertificates } from './x509/read-certificates.ts';

/** The station's certificates and keys. */
export const EvseSecurityModule: ModuleDefinition = defineModule('EvseSecurity', setUp);
export default EvseSecurityModule;

function setUp(module: Module<'EvseSecurity'>): undefined {
  const { config, clock, random, log, runOptions } = module;
  const folder =
    runOptions.prefix === undefined
      ? join(module.paths.state, 'certs')
      : join(runOptions.prefix === '/usr' ? '/' : runOptions.prefix, 'etc', 'everest', 'certs');
  const vault = openVault(folder, config, { clock, random, log });
  const trust = new Trust(vault, clock);
  const authorities = new CaCertificates(vault, trust, { clock, log });
  const leafs = new LeafCertificates(vault, trust, log);
  const installed = new InstalledCertificates(vault, trust);
  const main = module.provide('main');

  main.implement({
    install_ca_certificate: ({ certificate, certificate_type }) => {
      const result = authorities.install(certificate, certificate_type);
      if (result === 'Accepted')
        main.publish('certificate_store_update', { operation: 'Installed', ca_certificate_type: certificate_type });
      else log.warn(`a ${certificate_type} root was not installed: ${result}`);
      return result;
    },
    delete_certificate: ({ certificate_hash_data: data }) => {
      const ofLeaf = leafs.remove(data);
      if (ofLeaf === 'refused') {
        log.warn('the certificate that connects the station to its CSMS is not deleted');
        return 'Failed';
      }
      const types = authorities.remove(data);
      if (ofLeaf === 'removed')
        main.publish('certificate_store_update', { operation: 'Deleted', leaf_certificate_type: 'V2G' });
      for (const type of types)
        main.publish('certificate_store_update', { operation: 'Deleted', ca_certificate_type: type });
      return ofLeaf === 'removed' || types.length > 0 ? 'Accepted' : 'NotFound';
    },
    update_leaf_certificate: ({ certificate_chain, certificate_type }) => {
      const result = leafs.update(certificate_chain, certificate_type);
      if (result === 'Accepted')
        main.publish('certificate_store_update', { operation: 'Installed', leaf_certificate_type: certificate_type });
      else log.warn(`a ${certificate_type} certificate was not installed: ${result}`);
      return result;
    },
    verify_certificate: ({ certificate_chain, certificate_types }) => {
      try {
        return trust.verify(readCertificates(certificate_chain), certificate_types).result;
      } catch (error) {
        log.warn(`a chain was not verified: ${messageOf(error)}`);
        return 'InvalidChain';
      }
    },
    get_installed_certificates: ({ certificate_types }) => {
      const chains = installed.list(certificate_types);
      return { status: chains.length > 0 ? 'Accepted' : 'NotFound', certificate_hash_data_chain: chains };
    },
    get_v2g_ocsp_request_data: () => ({ ocsp_request_data_list: installed.ocspRequests() }),
    get_mo_ocsp_request_data: ({ certificate_chain }) => ({
      ocsp_request_data_list: installed.ocspRequestsOf(readCertificates(certificate_chain)),
    }),
    update_ocsp_cache: ({ certificate_hash_data, ocsp_response }) => {
      updateOcsp(certificate_hash_data, ocsp_response);
      return null;
    },
    is_ca_certificate_installed: ({ certificate_type }) => authorities.isInstalled(certificate_type),
    generate_certificate_signing_request: ({ certificate_type, country, organization, common, use_tpm }) =>
      leafs.request(certificate_type, { commonName: common, organization, country }, use_tpm),
    get_leaf_certificate_info: ({ certificate_type, encoding, include_ocsp }) =>
      leafs.info(certificate_type, encoding, include_ocsp),
    get_all_valid_certificates_info: ({ certificate_type, encoding, include_ocsp }) =>
      leafs.allInfos(certificate_type, encoding, include_ocsp),
    get_verify_file: ({ certificate_type }) => authorities.verifyFile(certificate_type),
    get_verify_location: ({ certificate_type }) => authorities.verifyLocation(certificate_type),
    get_leaf_expiry_days_count: ({ certificate_type }) => leafs.daysLeft(certificate_type, clock.wallMs()),
    verify_file_signature: ({ file_path, signing_certificate, signature }) =>
      verifyFileSignature(file_path, signing_certificate, signature, log),
  });

  /** Keeps the answer beside the certificate that it is about. */
  function updateOcsp(data: types.evse_security.CertificateHashData, response: string): void {
    const answer = Buffer.from(response, 'base64');
    const isAbout = (hash: types.evse_security.CertificateHashData | undefined): boolean =>
      hash !== undefined && isSameHashData(hash, data);
    const ofLeaf = trust.usableLeafs('V2G').some(({ path }) => trust.hashes(path).some(isAbout));
    const ofAuthority = vault.authorities.V2G.certificates().some((certificate) =>
      isAbout(trust.hashOfAuthority(certificate, 'V2G')),
    );
    if (ofLeaf) vault.ocsp.leafs.put(data, answer);
    if (ofAuthority) vault.ocsp.V2G.put(data, answer);
    if (!ofLeaf && !ofAuthority)
      throw new ChargemeshError('UNKNOWN_CERTIFICATE', 'no installed certificate has these hash data', {
        details: { serialNumber: data.serial_number },
      });
  }
}
