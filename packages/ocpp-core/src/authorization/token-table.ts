import { formatTimestamp, parseTimestamp, type Row, type Statement, type Store } from '@chargemesh/base';
import type { IdTagInfo } from '../ocpp-types.ts';
import { optionalInteger, optionalText, word } from '../persistence/columns.ts';
import { foldIdTag } from './id-tag.ts';

/** A table from idTags to what is known of them: the cache, or the local list. */
export class TokenTable {
  readonly #upsert: Statement;
  readonly #one: Statement;
  readonly #delete: Statement;
  readonly #clear: Statement;
  readonly #count: Statement;
  readonly #expire: Statement;

  constructor(store: Store, table: 'AUTH_CACHE' | 'AUTH_LIST') {
    this.#upsert = store.prepare(
      `INSERT INTO ${table} (ID_TAG, AUTH_STATUS, EXPIRY_DATE_MS, PARENT_ID_TAG) VALUES (?, ?, ?, ?)
       ON CONFLICT (ID_TAG) DO UPDATE SET AUTH_STATUS = excluded.AUTH_STATUS,
         EXPIRY_DATE_MS = excluded.EXPIRY_DATE_MS, PARENT_ID_TAG = excluded.PARENT_ID_TAG`,
    );
    this.#one = store.prepare(`SELECT * FROM ${table} WHERE ID_TAG = ?`);
    this.#delete = store.prepare(`DELETE FROM ${table} WHERE ID_TAG = ?`);
    this.#clear = store.prepare(`DELETE FROM ${table}`);
    this.#count = store.prepare(`SELECT COUNT(*) AS COUNT FROM ${table}`);
    this.#expire = store.prepare(`UPDATE ${table} SET AUTH_STATUS = 'Expired' WHERE ID_TAG = ?`);
  }

  put(idTag: string, { status, expiryDate, parentIdTag }: IdTagInfo): void {
    const expiryMs = expiryDate === undefined ? undefined : parseTimestamp(expiryDate);
    this.#upsert.run(foldIdTag(idTag), status, expiryMs ?? null, parentIdTag ?? null);
  }

  /** What is known of an idTag now. An entry whose time is over becomes Expired for good. */
  get(idTag: string, nowMs: number): IdTagInfo | undefined {
    const key = foldIdTag(idTag);
    const row = this.#one.get(key);
    if (!row) return undefined;
    const info = infoOf(row);
    const expiryMs = optionalInteger(row, 'EXPIRY_DATE_MS');
    if (info.status !== 'Accepted' || expiryMs === undefined || expiryMs > nowMs) return info;
    this.#expire.run(key);
    return { ...info, status: 'Expired' };
  }

  delete(idTag: string): void {
    this.#delete.run(foldIdTag(idTag));
  }

  clear(): void {
    this.#clear.run();
  }

  get size(): number {
    return optionalInteger(this.#count.get() ?? {}, 'COUNT') ?? 0;
  }
}

function infoOf(row: Row): IdTagInfo {
  const expiryMs = optionalInteger(row, 'EXPIRY_DATE_MS');
  const parentIdTag = optionalText(row, 'PARENT_ID_TAG');
  return {
    status: word(row, 'AUTH_STATUS', ['Invalid', 'Accepted', 'Blocked', 'Expired', 'ConcurrentTx']),
    ...(expiryMs === undefined ? {} : { expiryDate: formatTimestamp(expiryMs) }),
    ...(parentIdTag === undefined ? {} : { parentIdTag }),
  };
}
