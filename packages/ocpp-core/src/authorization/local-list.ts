import type { Clock, Logger, Statement, Store } from '@chargemesh/base';
import { messageOf } from '@chargemesh/base';
import { supportsProfile } from '../actions/feature-profiles.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { IdTagInfo } from '../ocpp-types.ts';
import { integer } from '../persistence/columns.ts';
import type { Request, Response } from '../rpc/typed.ts';
import { TokenTable } from './token-table.ts';

/** What came of an update; `Failed` and `VersionMismatch` have changed nothing. */
export type ListUpdateResult = Exclude<Response<'SendLocalList'>['status'], 'NotSupported'>;

/** What {@link LocalList} stands on. */
export interface LocalListParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly store: Store;
  readonly configuration: Configuration;
  readonly cache: TokenTable;
}

/**
 * The idTags that the CSMS has given the station to decide about by itself. It counts before the cache, so the cache keeps nothing of an
 * idTag that stands here. Kept on disk while it is switched off.
 * @see OCPP 1.6, 3.5.2 and 5.15
 */
export class LocalList {
  readonly #parts: LocalListParts;
  readonly #tokens: TokenTable;
  readonly #version: Statement;
  readonly #setVersion: Statement;

  constructor(parts: LocalListParts) {
    this.#parts = parts;
    this.#tokens = new TokenTable(parts.store, 'AUTH_LIST');
    this.#version = parts.store.prepare('SELECT VERSION FROM AUTH_LIST_VERSION');
    this.#setVersion = parts.store.prepare(
      'INSERT INTO AUTH_LIST_VERSION (ID, VERSION) VALUES (0, ?) ON CONFLICT (ID) DO UPDATE SET VERSION = excluded.VERSION',
    );
  }

  /** Whether the list is used at all: LocalAuthListEnabled, and its feature profile. */
  get enabled(): boolean {
    const { configuration } = this.#parts;
    return (
      supportsProfile(configuration, 'LocalAuthListManagement') && configuration.get('LocalAuthListEnabled') === true
    );
  }

  /** An empty list has version 0, whatever it had before. */
  get version(): number {
    if (this.#tokens.size === 0) return 0;
    const row = this.#version.get();
    return row ? integer(row, 'VERSION') : 0;
  }

  /** What the list says of an idTag now; undefined where it says nothing, or is not used. */
  find(idTag: string): IdTagInfo | undefined {
    return this.enabled ? this.#tokens.get(idTag, this.#parts.clock.wallMs()) : undefined;
  }

  /**
   * Takes an update over as a whole, or not at all. Of entries for the same idTag the last counts, as in EVerest.
   *
   * Full replaces the list and may have any version that a list can have. Differential needs a version above the present one; an entry
   * without idTagInfo deletes, and without entries the version alone moves.
   */
  update({ updateType, listVersion, localAuthorizationList = [] }: Request<'SendLocalList'>): ListUpdateResult {
    const { configuration, log, store } = this.#parts;
    // -1 is how a station without a list answers.
    if (listVersion < 0) return 'Failed';
    if (localAuthorizationList.length > (configuration.get('SendLocalListMaxLength') ?? 0)) return 'Failed';
    try {
      // The version is read inside the commit as well: what cannot be read has failed.
      return store.transaction(() => {
        if (updateType === 'Differential' && listVersion <= this.version) return 'VersionMismatch';
        if (updateType === 'Full') this.#tokens.clear();
        for (const { idTag, idTagInfo } of localAuthorizationList) this.#enter(idTag, idTagInfo);
        const limit = configuration.get('LocalAuthListMaxLength') ?? 0;
        if (this.#tokens.size > limit) throw new RangeError(`a list of ${this.#tokens.size}, with room for ${limit}`);
        this.#setVersion.run(listVersion);
        return 'Accepted';
      });
    } catch (thrown) {
      log.warn('the local list was not updated', { listVersion, updateType, error: messageOf(thrown) });
      return 'Failed';
    }
  }

  #enter(idTag: string, info: IdTagInfo | undefined): void {
    if (!info) {
      this.#tokens.delete(idTag);
      return;
    }
    this.#tokens.put(idTag, info);
    this.#parts.cache.delete(idTag);
  }
}
