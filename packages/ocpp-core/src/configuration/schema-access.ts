import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Logger, messageOf } from '@chargemesh/base';
import { type KeyName, keySpecs } from './keys.ts';
import { isJsonObject } from './merge-patch.ts';

/** The keys that an integrator of EVerest opens or closes to a CSMS by editing the schema of their section (B.1, B.7). */
const SWITCHED: readonly KeyName[] = ['CentralSystemURI', 'UnlockConnectorOnEVSideDisconnect'];

/** What a CSMS may do with a key, where a schema in the folder profile_schemas beside a configuration says something of it. */
export function schemaAccess(baseFile: string, log: Logger): Partial<Readonly<Record<KeyName, 'RW' | 'RO'>>> {
  const access: Partial<Record<KeyName, 'RW' | 'RO'>> = {};
  for (const key of SWITCHED) {
    const file = join(dirname(baseFile), 'profile_schemas', `${keySpecs[key].section}.json`);
    const readOnly = existsSync(file) ? readOnlyIn(file, key, log) : undefined;
    if (readOnly !== undefined) access[key] = readOnly ? 'RO' : 'RW';
  }
  return access;
}

function readOnlyIn(file: string, key: KeyName, log: Logger): boolean | undefined {
  try {
    const schema: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const properties = isJsonObject(schema) && isJsonObject(schema.properties) ? schema.properties : {};
    const property = properties[key];
    return isJsonObject(property) && typeof property.readOnly === 'boolean' ? property.readOnly : undefined;
  } catch (thrown) {
    log.warn('a schema of configuration keys cannot be read and is left out', { file, error: messageOf(thrown) });
    return undefined;
  }
}
