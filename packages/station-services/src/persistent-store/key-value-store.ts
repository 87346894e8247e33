import type { Migration, Store } from '@chargemesh/base';
import type { JsonValue } from '@chargemesh/contracts';

/** The table of EVerest's own store, so that a file of either is read by the other. */
export const keyValueMigrations: readonly Migration[] = [
  { version: 1, sql: 'CREATE TABLE IF NOT EXISTS KVS (KEY TEXT UNIQUE, VALUE TEXT, TYPE TEXT)' },
];

/** The names of types in the table. */
type StoredType = 'nullptr_t' | 'Array' | 'Object' | 'bool' | 'double' | 'int' | 'std::string';

/** Values by key, on disk. Whatever is stored comes back as what it was. */
export class KeyValueStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  store(key: string, value: JsonValue): void {
    const [type, text] = write(value);
    this.#store.prepare('INSERT OR REPLACE INTO KVS (KEY, VALUE, TYPE) VALUES (?, ?, ?)').run(key, text, type);
  }

  /** @returns null where nothing is stored under the key, or nothing that can be read */
  load(key: string): JsonValue {
    const row = this.#store.prepare('SELECT VALUE, TYPE FROM KVS WHERE KEY = ?').get(key);
    return row ? read(String(row.TYPE), String(row.VALUE)) : null;
  }

  delete(key: string): void {
    this.#store.prepare('DELETE FROM KVS WHERE KEY = ?').run(key);
  }

  exists(key: string): boolean {
    return this.#store.prepare('SELECT 1 FROM KVS WHERE KEY = ?').get(key) !== undefined;
  }
}

function write(value: JsonValue): [StoredType, string] {
  if (value === null) return ['nullptr_t', ''];
  switch (typeof value) {
    case 'string':
      return ['std::string', value];
    case 'boolean':
      return ['bool', String(value)];
    case 'number':
      return [Number.isInteger(value) ? 'int' : 'double', String(value)];
    default:
      return [Array.isArray(value) ? 'Array' : 'Object', JSON.stringify(value)];
  }
}

function read(type: string, text: string): JsonValue {
  switch (type) {
    case 'std::string':
      return text;
    case 'bool':
      return text === 'true' || text === '1';
    case 'int':
    case 'double': {
      const number = Number(text);
      return Number.isFinite(number) ? number : null;
    }
    case 'Array':
    case 'Object':
      return parse(text);
    default:
      return null;
  }
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
