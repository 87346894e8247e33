import type { KeySpec, Section } from '../src/configuration/key-spec.ts';
import { keyNames, keySpecs, mandatorySections, sections, tolerantSections } from '../src/configuration/keys.ts';
import { wordsOf } from '../src/configuration/text-rules.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON schema of an OCPP configuration file, for editors. A station's own checks go further. */
export function configurationSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'ocpp-config.schema.json',
    title: 'OCPP configuration',
    description: 'The configuration keys of an OCPP 1.6 charge point. Made by packages/ocpp-core/tools/generate.ts.',
    type: 'object',
    required: mandatorySections,
    additionalProperties: false,
    properties: {
      ...Object.fromEntries(sections.map((section) => [section, sectionSchema(section)])),
      Custom: { description: "Keys of the integrator's own; Custom.json declares them.", type: 'object' },
    },
  };
}

function sectionSchema(section: Section): JsonSchema {
  const names = keyNames.filter((name) => keySpecs[name].section === section);
  const required = names.filter((name) => keySpecs[name].presence === 'required');
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    ...(tolerantSections.includes(section) ? {} : { additionalProperties: false }),
    properties: Object.fromEntries(names.map((name) => [name, keySchema(keySpecs[name])])),
  };
}

function keySchema(spec: KeySpec): JsonSchema {
  const { min, max, minLength, maxLength, schema, about } = spec;
  return {
    description: spec.unit === undefined ? about : `${about} [${spec.unit}]`,
    ...(spec.type === 'list' ? { type: 'array', items: itemSchema(spec) } : { type: spec.type }),
    ...(schema ?? {}),
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
    ...(minLength === undefined ? {} : { minLength }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(spec.type === 'string' ? pattern(spec) : {}),
    ...(spec.default === undefined ? {} : { default: spec.default }),
    readOnly: spec.access === 'RO',
  };
}

function itemSchema({ rule }: KeySpec): JsonSchema {
  const words = rule && wordsOf(rule);
  return words ? { type: 'string', enum: words } : { type: 'string' };
}

/** Only what a station would not start with: an editor is not to mark what works. */
function pattern({ rule, ruleInFile }: KeySpec): JsonSchema {
  if (!rule || ruleInFile !== 'error') return {};
  if (rule === 'stationId') return { pattern: '^[^:]*$' };
  const words = wordsOf(rule);
  if (!words) return {};
  const word = `\\s*(${words.map((text) => text.replaceAll('.', '\\.')).join('|')})\\s*`;
  return { pattern: `^(${word}(,${word})*)?$` };
}
