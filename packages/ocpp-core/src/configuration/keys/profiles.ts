/** Sections FirmwareManagement, LocalAuthListManagement and Reservation. @see OCPP 1.6, 9.2 and 9.3 */
export const profileKeys = {
  SupportedFileTransferProtocols: {
    section: 'FirmwareManagement',
    type: 'string',
    presence: 'optional',
    access: 'RO',
    rule: 'transferProtocols',
    about: 'How firmware and diagnostics may travel: of FTP, FTPS, HTTP, HTTPS, SFTP.',
  },
  LocalAuthListEnabled: {
    section: 'LocalAuthListManagement',
    type: 'boolean',
    presence: 'required',
    access: 'RW',
    about: 'Use the local list of tokens.',
  },
  LocalAuthListMaxLength: {
    section: 'LocalAuthListManagement',
    type: 'integer',
    presence: 'required',
    access: 'RO',
    min: 0,
    about: 'How many tokens the local list holds.',
  },
  SendLocalListMaxLength: {
    section: 'LocalAuthListManagement',
    type: 'integer',
    presence: 'required',
    access: 'RO',
    min: 0,
    about: 'How many tokens one SendLocalList may bring.',
  },
  ReserveConnectorZeroSupported: {
    section: 'Reservation',
    type: 'boolean',
    presence: 'optional',
    access: 'RO',
    about: 'Whether any connector, no matter which, can be reserved.',
  },
} as const;

/** Section SmartCharging. @see OCPP 1.6, 9.4 */
export const smartChargingKeys = {
  ChargeProfileMaxStackLevel: {
    section: 'SmartCharging',
    type: 'integer',
    presence: 'required',
    access: 'RO',
    min: 0,
    about: 'The highest stackLevel that a charging profile may have.',
  },
  ChargingScheduleAllowedChargingRateUnit: {
    section: 'SmartCharging',
    type: 'string',
    presence: 'required',
    access: 'RO',
    rule: 'rateUnits',
    ruleInFile: 'error',
    about: 'The units of limits: Current, Power, or both; the first is the one that is answered with.',
  },
  ChargingScheduleMaxPeriods: {
    section: 'SmartCharging',
    type: 'integer',
    presence: 'required',
    access: 'RO',
    min: 0,
    about: 'How many periods a charging schedule may have.',
  },
  ConnectorSwitch3to1PhaseSupported: {
    section: 'SmartCharging',
    type: 'boolean',
    presence: 'optional',
    access: 'RO',
    about: 'Whether a charge can go from three phases to one.',
  },
  MaxChargingProfilesInstalled: {
    section: 'SmartCharging',
    type: 'integer',
    presence: 'required',
    access: 'RO',
    min: 0,
    about: 'How many charging profiles can be installed.',
  },
} as const;
