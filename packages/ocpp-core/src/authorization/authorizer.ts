import { type Clock, type Logger, parseTimestamp } from '@chargemesh/base';
import type { AuthorizationResult } from '../charge-point-types.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { IdTagInfo } from '../ocpp-types.ts';
import type { Messenger } from '../queue/messenger.ts';
import { type CallOutcome, describeOutcome } from '../rpc/outcome.ts';
import { responseOf } from '../rpc/typed.ts';
import { isIdTag } from './id-tag.ts';
import type { TokenTable } from './token-table.ts';

/** Nobody waits longer than this before a card reader. */
const PATIENCE_MS = 60_000;

/** What {@link Authorizer} stands on. */
export interface AuthorizerParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly configuration: Configuration;
  readonly cache: TokenTable;
  readonly localList: TokenTable;
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
    const { configuration, online } = this.#parts;
    if (!isIdTag(idTag)) return { status: 'Unknown', source: 'none' };
    const isOnline = online();
    if (configuration.get(isOnline ? 'LocalPreAuthorize' : 'LocalAuthorizeOffline')) {
      const local = this.#locally(idTag, isOnline);
      if (local) return local;
    }
    return isOnline ? this.#ask(idTag) : this.#unknownOffline();
  }

  /** Puts down what the CSMS said of a token. Kept even while the cache is switched off, as the reference does. */
  learn(idTag: string, info: IdTagInfo): void {
    this.#parts.cache.put(idTag, info);
  }

  #locally(idTag: string, isOnline: boolean): AuthorizationResult | undefined {
    const { configuration, cache, localList, clock } = this.#parts;
    // An entry of the list is final, whatever it says (C-90).
    const listed = configuration.get('LocalAuthListEnabled') ? localList.get(idTag, clock.wallMs()) : undefined;
    if (listed) return resultOf(listed, 'localList');
    const cached = configuration.get('AuthorizationCacheEnabled') ? cache.get(idTag, clock.wallMs()) : undefined;
    // Online the CSMS may have changed its mind about a token that it refused. Offline a refused token is known, so not "unknown".
    return cached && (cached.status === 'Accepted' || !isOnline) ? resultOf(cached, 'cache') : undefined;
  }

  #ask(idTag: string): Promise<AuthorizationResult> {
    const { clock, messenger } = this.#parts;
    return new Promise((resolve) => {
      const patience = clock.setTimer(PATIENCE_MS, () => resolve(this.#unknownOffline()));
      messenger.send(
        'Authorize',
        { idTag },
        {
          onOutcome: (outcome) => {
            patience.cancel();
            resolve(this.#decide(idTag, outcome));
          },
        },
      );
    });
  }

  #decide(idTag: string, outcome: CallOutcome): AuthorizationResult {
    switch (outcome.kind) {
      case 'answered': {
        const { idTagInfo } = responseOf('Authorize', outcome.payload);
        this.learn(idTag, idTagInfo);
        if (idTagInfo.status === 'Accepted') this.#parts.accepted(idTag);
        return resultOf(idTagInfo, 'csms');
      }
      case 'refused':
        this.#parts.log.warn('the CSMS refused an Authorize', { error: describeOutcome(outcome) });
        return { status: 'Invalid', source: 'csms' };
      case 'timeout':
      case 'undelivered':
        return this.#unknownOffline();
    }
  }

  /** Nobody could be asked (C-93). Not cached: nobody said it. */
  #unknownOffline(): AuthorizationResult {
    const allowed = this.#parts.configuration.get('AllowOfflineTxForUnknownId') === true;
    return { status: allowed ? 'Accepted' : 'Invalid', source: 'offline' };
  }
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
