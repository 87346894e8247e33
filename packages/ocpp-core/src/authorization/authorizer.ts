import { type Clock, type Logger, messageOf, parseTimestamp } from '@chargemesh/base';
import type { AuthorizationResult } from '../charge-point-types.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { IdTagInfo } from '../ocpp-types.ts';
import type { Messenger } from '../queue/messenger.ts';
import { type CallOutcome, describeOutcome } from '../rpc/outcome.ts';
import { responseOf } from '../rpc/typed.ts';
import { decide, type Word } from './decision-table.ts';
import { isIdTag } from './id-tag.ts';
import type { LocalList } from './local-list.ts';
import type { TokenTable } from './token-table.ts';

/** Nobody waits longer than this before a card reader. */
const PATIENCE_MS = 60_000;

/** What {@link Authorizer} stands on. */
export interface AuthorizerParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly configuration: Configuration;
  readonly cache: TokenTable;
  readonly localList: LocalList;
  readonly messenger: Messenger;
  /** Whether there is a link to the CSMS. */
  readonly online: () => boolean;
  /** The CSMS accepts a token. */
  readonly accepted: (idTag: string) => void;
}

/**
 * Says whether somebody may charge: by the local list and the cache where the configuration lets them decide, by the CSMS else.
 * @see OCPP 1.6, 3.5 (local authorization and offline behaviour) and 4.1
 */
export class Authorizer {
  readonly #parts: AuthorizerParts;

  constructor(parts: AuthorizerParts) {
    this.#parts = parts;
  }

  /** Never rejects. */
  async validate(idTag: string): Promise<AuthorizationResult> {
    if (!isIdTag(idTag)) return { status: 'Unknown', source: 'none' };
    return this.#decide(idTag, this.#parts.online());
  }

  /**
   * Puts down what the CSMS said of a token. Kept even while the cache is switched off, as the reference does; but not of a token that
   * stands in the local list, or the cache would still let it in when the list has dropped it.
   * @see OCPP 1.6, 4.1, 4.8 and 4.10
   */
  learn(idTag: string, info: IdTagInfo): void {
    if (!this.#parts.localList.find(idTag)) this.#parts.cache.put(idTag, info);
  }

  /** The group of a token, as far as the station knows it by itself. */
  knownParent(idTag: string): string | undefined {
    return (this.#listed(idTag) ?? this.#cached(idTag))?.parentIdTag;
  }

  #decide(idTag: string, online: boolean): AuthorizationResult | Promise<AuthorizationResult> {
    const { configuration } = this.#parts;
    const listed = this.#listed(idTag);
    const cached = this.#cached(idTag);
    const verdict = decide({
      online,
      LocalPreAuthorize: configuration.get('LocalPreAuthorize'),
      LocalAuthorizeOffline: configuration.get('LocalAuthorizeOffline'),
      AllowOfflineTxForUnknownId: configuration.get('AllowOfflineTxForUnknownId') === true,
      list: wordOf(listed),
      cache: wordOf(cached),
    });
    switch (verdict) {
      case 'list':
        return resultOf(listed ?? NOBODY, 'localList');
      case 'cache':
        return resultOf(cached ?? NOBODY, 'cache');
      case 'ask':
        return this.#ask(idTag);
      // Nobody could be asked (C-93). Not cached: nobody said it.
      case 'accept':
        return { status: 'Accepted', source: 'offline' };
      case 'refuse':
        return { status: 'Invalid', source: 'offline' };
    }
  }

  #listed(idTag: string): IdTagInfo | undefined {
    return this.#lookUp(() => this.#parts.localList.find(idTag));
  }

  #cached(idTag: string): IdTagInfo | undefined {
    const { configuration, cache, clock } = this.#parts;
    if (!configuration.get('AuthorizationCacheEnabled')) return undefined;
    return this.#lookUp(() => cache.get(idTag, clock.wallMs()));
  }

  /** A disk that fails knows nobody. */
  #lookUp(find: () => IdTagInfo | undefined): IdTagInfo | undefined {
    try {
      return find();
    } catch (thrown) {
      this.#parts.log.error('what is known of a token could not be read', { error: messageOf(thrown) });
      return undefined;
    }
  }

  /** A disk that fails forgets what was said, and nobody waits before the reader for it. */
  #keep(write: () => void): void {
    try {
      write();
    } catch (thrown) {
      this.#parts.log.error('what the CSMS said of a token could not be written down', { error: messageOf(thrown) });
    }
  }

  #ask(idTag: string): Promise<AuthorizationResult> {
    const { clock, messenger } = this.#parts;
    return new Promise((resolve) => {
      const patience = clock.setTimer(PATIENCE_MS, () => resolve(this.#decide(idTag, false)));
      messenger.send(
        'Authorize',
        { idTag },
        {
          onOutcome: (outcome) => {
            patience.cancel();
            resolve(this.#answered(idTag, outcome));
          },
        },
      );
    });
  }

  #answered(idTag: string, outcome: CallOutcome): AuthorizationResult | Promise<AuthorizationResult> {
    switch (outcome.kind) {
      case 'answered': {
        const { idTagInfo } = responseOf('Authorize', outcome.payload);
        this.#keep(() => this.learn(idTag, idTagInfo));
        if (idTagInfo.status === 'Accepted') this.#keep(() => this.#parts.accepted(idTag));
        return resultOf(idTagInfo, 'csms');
      }
      case 'refused':
        this.#parts.log.warn('the CSMS refused an Authorize', { error: describeOutcome(outcome) });
        return { status: 'Invalid', source: 'csms' };
      case 'timeout':
      case 'undelivered':
        return this.#decide(idTag, false);
    }
  }
}

const NOBODY: IdTagInfo = { status: 'Invalid' };

function wordOf(info: IdTagInfo | undefined): Word {
  if (!info) return 'nothing';
  return info.status === 'Accepted' ? 'accepts' : 'refuses';
}

function resultOf(
  { status, expiryDate, parentIdTag }: IdTagInfo,
  source: AuthorizationResult['source'],
): AuthorizationResult {
  const expiryMs = expiryDate === undefined ? undefined : parseTimestamp(expiryDate);
  return {
    status,
    source,
    ...(expiryMs === undefined ? {} : { expiryMs }),
    ...(parentIdTag === undefined ? {} : { parentIdTag }),
  };
}
