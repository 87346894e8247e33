import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ChargemeshError, messageOf } from '@chargemesh/base';
import { repositoryFolder } from '@chargemesh/contracts';
import { YamlFile } from '@chargemesh/manager';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Scenario } from './scenario.ts';

const DEFAULT_CONFIG = 'config-sil-ocpp.yaml';

/** A scenario with the place that it came from. */
export interface ReadScenario {
  readonly file: string;
  readonly scenario: Scenario;
  /** The configuration that it is played on, absolute. */
  readonly configFile: string;
  /** The line of each step. */
  readonly lines: readonly number[];
}

/**
 * Reads a scenario, all faults in one pass.
 * @throws ChargemeshError `SCENARIO_UNREADABLE`, `SCENARIO_INVALID` with a line for each fault: file, line, column and what is wrong
 */
export function readScenario(path: string): ReadScenario {
  const file = resolve(path);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ChargemeshError('SCENARIO_UNREADABLE', `${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  const yaml = new YamlFile(path, text);
  const [fault] = yaml.faults;
  if (fault) throw invalid([`${path}:${fault.line}:${fault.column}: ${fault.message}`]);
  const validate = validator();
  const { value } = yaml;
  if (!validate(value)) throw invalid(describe(yaml, validate.errors ?? []));
  const { config = DEFAULT_CONFIG, steps } = value;
  const places = [join(dirname(file), config), join(repositoryFolder, config)];
  const configFile = places.find((place) => existsSync(place));
  if (configFile === undefined) {
    const place = yaml.find(['config'], 'value');
    throw invalid([`${path}:${place?.line ?? 1}:${place?.column ?? 1}: there is no configuration ${config}`]);
  }
  const lines = steps.map((_step, index) => yaml.find(['steps', index], 'value')?.line ?? 1);
  return { file, scenario: value, configFile, lines };
}

let compiled: ValidateFunction<Scenario> | undefined;

function validator(): ValidateFunction<Scenario> {
  const schema = JSON.parse(readFileSync(join(repositoryFolder, 'schemas', 'scenario.schema.json'), 'utf8'));
  compiled ??= new Ajv({ allErrors: true, strict: false }).compile<Scenario>(schema);
  return compiled;
}

/** What is wrong, one line a place: the branches of a choice tell the same fault in several ways. */
function describe(yaml: YamlFile, errors: readonly ErrorObject[]): string[] {
  const lines = new Map<string, string>();
  for (const { instancePath, message = 'is wrong', params } of errors) {
    const steps = instancePath.split('/').slice(1);
    const path = steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/')));
    const extra = 'additionalProperty' in params ? String(params.additionalProperty) : undefined;
    const place = (extra === undefined ? undefined : yaml.find([...path, extra], 'key')) ?? yaml.find(path, 'value');
    const at = `${yaml.path}:${place?.line ?? 1}:${place?.column ?? 1}`;
    const what =
      extra === undefined ? `${path.join('.') || 'the scenario'} ${message}` : `"${extra}" is not known here`;
    const options = 'allowedValues' in params ? ` (${(params.allowedValues as unknown[]).join(', ')})` : '';
    if (!lines.has(at)) lines.set(at, `${at}: ${what}${options}`);
  }
  return [...lines.values()];
}

function invalid(lines: readonly string[]): ChargemeshError {
  return new ChargemeshError('SCENARIO_INVALID', lines.join('\n'));
}
