/** Section Security. @see OCPP 1.6 security whitepaper, 6 */
export const securityKeys = {
  AdditionalRootCertificateCheck: {
    section: 'Security',
    type: 'boolean',
    presence: 'optional',
    access: 'RO',
    about:
      "Allow one root certificate of the CSMS (and the one before it) at a time, and check a new one's signature with the old.",
  },
  AuthorizationKey: {
    section: 'Security',
    type: 'string',
    presence: 'settable',
    access: 'WO',
    minLength: 8,
    about: 'The password for the CSMS. 16 to 40 hexadecimal digits stand for the bytes that they write.',
  },
  CertificateSignedMaxChainSize: {
    section: 'Security',
    type: 'integer',
    presence: 'optional',
    access: 'RO',
    min: 0,
    max: 10000,
    about: 'How long the certificate chain of a CertificateSigned may be.',
  },
  CertificateStoreMaxLength: {
    section: 'Security',
    type: 'integer',
    presence: 'optional',
    access: 'RO',
    min: 0,
    about: 'How many root certificates can be installed.',
  },
  CpoName: {
    section: 'Security',
    type: 'string',
    presence: 'optional',
    access: 'RW',
    about: "The operator's name, for the station's certificate. Without it no certificate can be asked for.",
  },
  DisableSecurityEventNotifications: {
    section: 'Security',
    type: 'boolean',
    presence: 'default',
    default: false,
    access: 'RW',
    about: 'Tell the CSMS of no security event.',
  },
  SecurityProfile: {
    section: 'Security',
    type: 'integer',
    presence: 'required',
    access: 'RW',
    min: 0,
    max: 3,
    about:
      'How the connection is secured. 0: not at all; 1: password; 2: TLS and password; 3: TLS with certificates on both sides. A CSMS can only raise it.',
  },
} as const;

/** Section PnC. @see OCPP 1.6 application note on ISO 15118 Plug & Charge, 5 */
export const plugAndChargeKeys = {
  CentralContractValidationAllowed: {
    section: 'PnC',
    type: 'boolean',
    presence: 'optional',
    access: 'RW',
    about: 'Send a contract certificate that cannot be checked here to the CSMS.',
  },
  CertSigningRepeatTimes: {
    section: 'PnC',
    type: 'integer',
    presence: 'optional',
    access: 'RW',
    min: 0,
    about: 'How often the wait for a signed certificate is doubled.',
  },
  CertSigningWaitMinimum: {
    section: 'PnC',
    type: 'integer',
    presence: 'optional',
    access: 'RW',
    min: 0,
    unit: 's',
    about: 'How long to wait for a signed certificate before it is asked for again.',
  },
  ContractValidationOffline: {
    section: 'PnC',
    type: 'boolean',
    presence: 'required',
    access: 'RW',
    about: 'Check contract certificates here while the CSMS cannot be asked.',
  },
  ISO15118CertificateManagementEnabled: {
    section: 'PnC',
    type: 'boolean',
    presence: 'default',
    default: false,
    access: 'RW',
    about: 'Manage ISO 15118 certificates: renew the own one, keep OCSP answers fresh.',
  },
  ISO15118PnCEnabled: {
    section: 'PnC',
    type: 'boolean',
    presence: 'required',
    access: 'RW',
    about: 'Let cars identify themselves with a contract certificate.',
  },
} as const;
