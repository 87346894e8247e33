import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ValueOverlay } from '../../src/index.ts';
import { checkText } from '../config/check-text.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();

test('values that were set stand over the configuration at the next start', () => {
  const path = join(folder, 'deep', 'user-config.json');
  const overlay = new ValueOverlay(path);
  overlay.save({ moduleId: 'store', implementationId: '!module', name: 'sqlite_db_file_path' }, 'a.db');
  overlay.save({ moduleId: 'reader', implementationId: 'main', name: 'mqtt_topic' }, 'cards');
  new ValueOverlay(path).save({ moduleId: 'store', implementationId: '!module', name: 'sqlite_db_file_path' }, 'b.db');
  const text = 'active_modules:\n  store: {module: PersistentStore}\n  reader: {module: DummyTokenProviderManual}\n';
  const { findings, configuration } = checkText(text, { userConfig: readFileSync(path, 'utf8') });
  expect(findings).toEqual([]);
  expect(configuration?.modules.map(({ id, config, implementations }) => [id, config, implementations])).toEqual([
    ['reader', {}, { main: { mqtt_topic: 'cards' } }],
    ['store', { sqlite_db_file_path: 'b.db' }, { main: {} }],
  ]);
});
