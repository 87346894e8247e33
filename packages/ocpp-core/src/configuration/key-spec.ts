/** The sections of an OCPP configuration file. Each is a feature profile, or something like it. */
export type Section =
  | 'Internal'
  | 'Core'
  | 'FirmwareManagement'
  | 'LocalAuthListManagement'
  | 'Reservation'
  | 'SmartCharging'
  | 'Security'
  | 'PnC'
  | 'CostAndPrice';

/** The form of a text, beyond its length. `text-rules.ts` knows each. */
export type TextRule =
  | 'actions'
  | 'evseIds'
  | 'featureProfiles'
  | 'measurands'
  | 'messageLogFormats'
  | 'phaseRotation'
  | 'profilePurposes'
  | 'rateUnits'
  | 'stationId'
  | 'timeOffset'
  | 'timestamp'
  | 'transferProtocols';

/** What is known of one configuration key. */
export interface KeySpec {
  readonly section: Section;
  /** `list`: an array of texts in the file, joined by commas on the wire. `object`: JSON in the file, its text on the wire. */
  readonly type: 'boolean' | 'integer' | 'number' | 'string' | 'list' | 'object';
  /**
   * `required`: has to be in the file when its section counts. `optional`: absent, the station has no such key. `default`: absent, the
   * default holds. `settable`: absent, it has no value, and may be given one.
   */
  readonly presence: 'required' | 'optional' | 'default' | 'settable';
  readonly default?: boolean | number | string | readonly string[];
  /** What a CSMS may do. `WO`: change without reading. */
  readonly access: 'RW' | 'RO' | 'WO';
  readonly min?: number;
  readonly max?: number;
  /** What ChangeConfiguration accepts where that is narrower than what a file may hold. */
  readonly wireMin?: number;
  readonly wireMax?: number;
  /** In characters. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly unit?: 's' | 'ms' | 'Wh' | 'A' | 'V' | 'W' | '%' | 'bytes';
  /** The form of the text, or of each item of a list. A text of another form is refused from the wire. */
  readonly rule?: TextRule;
  /** Whether the station starts with a file whose text has another form. Default: it does, with a warning. */
  readonly ruleInFile?: 'error' | 'warning';
  /** The key that says how many items this comma-separated list may have. */
  readonly itemsLimit?: string;
  /** Stands between the items of a list on the wire. Default: a comma. */
  readonly separator?: string;
  /** The JSON schema of an object. */
  readonly schema?: object;
  /** Never listed under this name: the wire knows its parts. */
  readonly hidden?: boolean;
  /** Takes effect after a restart. */
  readonly reboot?: boolean;
  /** What it is for. */
  readonly about: string;
}
