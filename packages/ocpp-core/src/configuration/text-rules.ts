import { parseTimestamp } from '@chargemesh/base';
import { isMeasurand, measurands } from '../metering/measurands.ts';
import type { TextRule } from './key-spec.ts';

/** What a text is held against besides itself. */
export interface RuleContext {
  /** How many connectors there are; connector 0 counts beside them. */
  readonly connectors: number;
  /** The value of SupportedMeasurands; undefined while that one itself is looked at. */
  readonly supportedMeasurands?: string;
}

/** What is wrong with a text, and what would be right. */
export interface TextFault {
  readonly message: string;
  readonly remedy: string;
}

/** The feature profiles that SupportedFeatureProfiles may name. */
export const featureProfiles = [
  'Core',
  'FirmwareManagement',
  'LocalAuthListManagement',
  'RemoteTrigger',
  'Reservation',
  'SmartCharging',
  'Security',
  'Internal',
  'PnC',
  'CostAndPrice',
  'Custom',
] as const;

/** The formats that LogMessagesFormat may name. */
export const messageLogFormats = [
  'log',
  'html',
  'session_logging',
  'security',
  'console',
  'console_detailed',
  'callback',
] as const;

const ROTATIONS = ['NotApplicable', 'Unknown', 'RST', 'RTS', 'SRT', 'STR', 'TRS', 'TSR'];
const PURPOSES = ['ChargePointMaxProfile', 'TxDefaultProfile', 'TxProfile'];
const RATE_UNITS = ['Current', 'Power'];
const PROTOCOLS = ['FTP', 'FTPS', 'HTTP', 'HTTPS', 'SFTP'];

/** The requests that a station sends of itself. */
const ACTIONS = [
  'Authorize',
  'BootNotification',
  'DataTransfer',
  'DiagnosticsStatusNotification',
  'FirmwareStatusNotification',
  'Heartbeat',
  'LogStatusNotification',
  'MeterValues',
  'SecurityEventNotification',
  'SignCertificate',
  'SignedFirmwareStatusNotification',
  'StartTransaction',
  'StatusNotification',
  'StopTransaction',
];

/** The words that a list of this form is made of; undefined where its items are not of a fixed set. */
export function wordsOf(rule: TextRule): readonly string[] | undefined {
  switch (rule) {
    case 'actions':
      return ACTIONS;
    case 'featureProfiles':
      return featureProfiles;
    case 'measurands':
      return measurands;
    case 'messageLogFormats':
      return messageLogFormats;
    case 'profilePurposes':
      return PURPOSES;
    case 'rateUnits':
      return RATE_UNITS;
    case 'transferProtocols':
      return PROTOCOLS;
    case 'evseIds':
    case 'phaseRotation':
    case 'stationId':
    case 'timeOffset':
    case 'timestamp':
      return undefined;
  }
}

/** The items of a comma-separated list. Blanks around them do not count; an empty text has none. */
export function itemsOf(list: string): readonly string[] {
  return list.trim() === '' ? [] : list.split(',').map((item) => item.trim());
}

const RULES: Readonly<Record<TextRule, (text: string, context: RuleContext) => TextFault | undefined>> = {
  actions: (text) => eachOf(text, ACTIONS),
  evseIds: (text) => {
    const bad = itemsOf(text).find((id) => id.length < 7 || id.length > 37);
    return bad === undefined ? undefined : fault(`names "${bad}"`, 'an EVSE id has 7 to 37 characters');
  },
  featureProfiles: (text) => {
    const unknown = eachOf(text, featureProfiles);
    if (unknown) return unknown;
    return itemsOf(text).includes('Core') ? undefined : fault('is without Core', 'begin it with Core');
  },
  measurands: (text, { supportedMeasurands }) => {
    const unknown = itemsOf(text).find((name) => !isMeasurand(name));
    if (unknown !== undefined) return eachOf(text, measurands);
    if (supportedMeasurands === undefined) return undefined;
    return eachOf(text, itemsOf(supportedMeasurands), 'which SupportedMeasurands does not have');
  },
  messageLogFormats: (text) => eachOf(text, messageLogFormats),
  phaseRotation: (text, { connectors }) => {
    const bad = itemsOf(text).find((item) => !isRotation(item, connectors));
    const right = `items are CONNECTOR.ROTATION, such as 1.RST: connectors 0 to ${connectors}, rotations ${ROTATIONS.join(', ')}`;
    return bad === undefined ? undefined : fault(`has the item "${bad}"`, right);
  },
  profilePurposes: (text) => eachOf(text, PURPOSES),
  rateUnits: (text) =>
    itemsOf(text).length === 0 ? fault('names no unit', 'Current, Power, or both') : eachOf(text, RATE_UNITS),
  stationId: (text) =>
    text.includes(':') ? fault('has a colon', 'a name that goes with a password cannot have one') : undefined,
  timeOffset: (text) => {
    const parts = /^[+-]?(\d{2}):(\d{2})$/.exec(text);
    const right = parts !== null && Number(parts[1]) <= 24 && Number(parts[2]) <= 59;
    return right ? undefined : fault(`is "${text}"`, 'write it as +01:00 or -02:30');
  },
  timestamp: (text) =>
    parseTimestamp(text) === undefined ? fault(`is "${text}"`, 'write it as 2030-03-31T01:00:00Z') : undefined,
  transferProtocols: (text) => eachOf(text, PROTOCOLS),
};

/** What is wrong with the form of a text; undefined where nothing is. */
export function checkText(rule: TextRule, text: string, context: RuleContext): TextFault | undefined {
  return RULES[rule](text, context);
}

function eachOf(list: string, allowed: readonly string[], unlike = 'which is not known'): TextFault | undefined {
  const bad = itemsOf(list).find((item) => !allowed.includes(item));
  return bad === undefined ? undefined : fault(`names "${bad}", ${unlike}`, `possible are ${allowed.join(', ')}`);
}

function isRotation(item: string, connectors: number): boolean {
  const [connector = '', rotation = '', ...more] = item.split('.').map((part) => part.trim());
  return (
    /^\d+$/.test(connector) && Number(connector) <= connectors && ROTATIONS.includes(rotation) && more.length === 0
  );
}

function fault(message: string, remedy: string): TextFault {
  return { message, remedy };
}
