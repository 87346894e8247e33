import type { KeySpec, Section } from '../src/configuration/key-spec.ts';
import { keyNames, keySpecs, sections } from '../src/configuration/keys.ts';
import { wordsOf } from '../src/configuration/text-rules.ts';
import { describeValue } from '../src/configuration/value-check.ts';

const SECTION_NOTES: Readonly<Record<Section, string>> = {
  Internal: 'What the station is, and what OCPP leaves to its maker. Always there.',
  Core: 'OCPP 1.6, 9.1. Always there.',
  FirmwareManagement: 'Counts while SupportedFeatureProfiles names it.',
  LocalAuthListManagement: 'OCPP 1.6, 9.2. Needed, and counting, while SupportedFeatureProfiles names it.',
  Reservation: 'OCPP 1.6, 9.3. May be left out.',
  SmartCharging: 'OCPP 1.6, 9.4. Needed, and counting, while SupportedFeatureProfiles names it.',
  Security: 'The security whitepaper, 6. Always there. Keys that are not known are overlooked, with a warning.',
  PnC: 'The application note on ISO 15118 Plug & Charge, 5. Turned on by being there. Keys that are not known are overlooked, with a warning.',
  CostAndPrice:
    'The California pricing requirements, 4. Turned on by being there. Keys that are not known are overlooked, with a warning.',
};

const INTRODUCTION = `# OCPP configuration keys

<!-- Made by packages/ocpp-core/tools/generate.ts from the key table in packages/ocpp-core/src/configuration. Do not edit. -->

The keys of an OCPP 1.6 charge point are in the JSON file that \`ChargePointConfigPath\` names, in sections. Over it are laid, lowest
first: the file of \`UserConfigPath\`, where changes are kept (as a merge patch, RFC 7396: \`null\` takes a key away), and this run's
flags, which are never written down. \`config/ocpp/config.json\` is an example; \`schemas/ocpp-config.schema.json\` is the same table as a
JSON schema, for editors. The station does not start with a file that has an error, and lists all of them; \`chargemesh check\` does so
without starting, and warns of what would work but hardly be meant.

- **In the file**: *required*; *optional* (absent, the station has no such key: GetConfiguration does not know it and ChangeConfiguration
  answers NotSupported); *settable* (may be absent and be given a value later); or a default that stands in.
- **CSMS**: what ChangeConfiguration and GetConfiguration may do: *RW* read and change, *RO* read, *WO* change only.
- On the wire, a boolean is \`true\` or \`false\` in any case of letters, an integer has no decimals, a list is joined by commas, an object is
  its JSON text. Names of keys are the same in upper and lower case. Values longer than 500 characters are cut when they are read.
- Keys of your own go into a section \`Custom\`, declared by a JSON schema \`Custom.json\` beside the configuration file (or in a folder
  \`profile_schemas\` there): a key is seen by a CSMS when its schema has \`readOnly\`.
- A file \`Internal.json\` or \`Core.json\` in \`profile_schemas\` beside the configuration file can open \`CentralSystemURI\` to a CSMS, or close
  \`UnlockConnectorOnEVSideDisconnect\`: \`{"properties":{"CentralSystemURI":{"readOnly":false}}}\`. No other key is opened that way.
`;

/** The reference page of all configuration keys. */
export function configurationKeysPage(): string {
  return `${[INTRODUCTION, ...sections.map(sectionPart)].join('\n')}`;
}

function sectionPart(section: Section): string {
  const rows = keyNames
    .filter((name) => keySpecs[name].section === section)
    .map(
      (name) =>
        `| ${[`\`${name}\``, form(keySpecs[name]), presence(keySpecs[name]), keySpecs[name].access, about(keySpecs[name])].join(' | ')} |`,
    );
  return `## ${section}

${SECTION_NOTES[section]}

| key | value | in the file | CSMS | what for |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

function form(spec: KeySpec): string {
  const { unit, rule, wireMin, wireMax } = spec;
  const words = rule && rule !== 'measurands' && rule !== 'actions' ? wordsOf(rule) : undefined;
  const parts = [
    describeValue(spec) + (unit === undefined ? '' : ` [${unit}]`),
    ...(words ? [`of ${words.join(', ')}`] : []),
    ...(rule === 'measurands' ? ['measurands, separated by commas'] : []),
    ...(rule === 'actions' ? ['names of messages, separated by commas'] : []),
    ...(wireMin === undefined || wireMax === undefined ? [] : [`a CSMS can set ${wireMin} to ${wireMax}`]),
  ];
  return parts.join('; ');
}

function presence({ presence: kind, default: value }: KeySpec): string {
  if (value === undefined) return kind;
  const text = typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : String(value);
  return kind === 'default' ? `default: \`${text}\`` : kind;
}

function about({ about: text, reboot }: KeySpec): string {
  return reboot === true ? `${text} Where a CSMS may change it, it counts after a restart.` : text;
}
