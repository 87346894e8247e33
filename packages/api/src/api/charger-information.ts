import { readFileSync } from 'node:fs';
import { ChargemeshError, messageOf } from '@chargemesh/base';
import { parse } from 'yaml';

/**
 * Reads a YAML file with facts about the charger, whatever they are.
 * @returns the same as JSON text
 * @throws ChargemeshError `CONFIG_VALUE`
 */
export function readChargerInformation(moduleId: string, file: string): string {
  try {
    const facts: unknown = parse(readFileSync(file, 'utf8'));
    return JSON.stringify(facts);
  } catch (error) {
    throw new ChargemeshError('CONFIG_VALUE', `${moduleId}: charger_information_file ${file}: ${messageOf(error)}`, {
      details: { module: moduleId, key: 'charger_information_file', value: file },
      cause: error,
    });
  }
}
