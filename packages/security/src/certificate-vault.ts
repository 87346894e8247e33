import { dirname, resolve } from 'node:path';
import type { Clock, Logger, Random } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { CaStore } from './store/ca-store.ts';
import { FileNames } from './store/file-names.ts';
import { LeafStore } from './store/leaf-store.ts';
import { OcspCache } from './store/ocsp-cache.ts';

type CaType = types.evse_security.CaCertificateType;

/** The matters in which the station has certificates of its own. */
export type OwnLeafType = 'CSMS' | 'V2G';

/** Where certificates and keys are, relative to the folder of certificates or absolute. */
export interface VaultPaths {
  readonly csms_ca_bundle: string;
  readonly mf_ca_bundle: string;
  readonly mo_ca_bundle: string;
  readonly v2g_ca_bundle: string;
  readonly csms_leaf_cert_directory: string;
  readonly csms_leaf_key_directory: string;
  readonly secc_leaf_cert_directory: string;
  readonly secc_leaf_key_directory: string;
  readonly private_key_password: string;
}

/** All certificates and keys of the station. Missing folders and bundles are made. */
export interface CertificateVault {
  /** The folder of certificates, `…/certs`. */
  readonly folder: string;
  readonly password: string;
  readonly authorities: Readonly<Record<CaType, CaStore>>;
  readonly leafs: Readonly<Record<OwnLeafType, LeafStore>>;
  /** Beside each place where certificates are that an OCSP responder may be asked about. */
  readonly ocsp: Readonly<Record<'V2G' | 'leafs', OcspCache>>;
}

/** @param folder the folder of certificates, made when it is missing */
export function openVault(
  folder: string,
  paths: VaultPaths,
  parts: { clock: Clock; random: Random; log: Logger },
): CertificateVault {
  const at = (path: string): string => resolve(folder, path);
  const names = new FileNames(parts.clock, parts.random);
  const { log } = parts;
  const password = paths.private_key_password;
  const authority = (type: CaType, path: string): CaStore => new CaStore(at(path), `${type}_ROOT`, { names, log });
  const secc = at(paths.secc_leaf_cert_directory);
  return {
    folder,
    password,
    authorities: {
      CSMS: authority('CSMS', paths.csms_ca_bundle),
      MF: authority('MF', paths.mf_ca_bundle),
      MO: authority('MO', paths.mo_ca_bundle),
      V2G: authority('V2G', paths.v2g_ca_bundle),
    },
    leafs: {
      CSMS: new LeafStore(
        { certificates: at(paths.csms_leaf_cert_directory), keys: at(paths.csms_leaf_key_directory) },
        { leaf: 'CSMS_LEAF', chain: 'CPO_CERT_CSMS_LEAF_CHAIN' },
        { password, names, log },
      ),
      V2G: new LeafStore(
        { certificates: secc, keys: at(paths.secc_leaf_key_directory) },
        { leaf: 'SECC_LEAF', chain: 'CPO_CERT_SECC_LEAF_CHAIN' },
        { password, names, log },
      ),
    },
    ocsp: {
      V2G: new OcspCache(dirname(at(paths.v2g_ca_bundle)), names),
      leafs: new OcspCache(secc, names),
    },
  };
}
