import { defineModule, type Module, type ModuleDefinition } from '@chargemesh/framework';
import { KeyValueStore, keyValueMigrations } from './key-value-store.ts';

/** Keeps values for other modules. */
export const PersistentStoreModule: ModuleDefinition = defineModule('PersistentStore', setUp);

function setUp(module: Module<'PersistentStore'>): undefined {
  const values = new KeyValueStore(module.openStore(module.paths.of('sqlite_db_file_path'), keyValueMigrations));
  module.provide('main').implement({
    store: ({ key, value }) => {
      values.store(key, value);
      return null;
    },
    load: ({ key }) => values.load(key),
    delete: ({ key }) => {
      values.delete(key);
      return null;
    },
    exists: ({ key }) => values.exists(key),
  });
}
