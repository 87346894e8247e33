/** What a CSMS may say of a card. @see OCPP 1.6 edition 2, 7.2 */
export type AuthorizationStatus = 'Accepted' | 'Blocked' | 'Expired' | 'Invalid' | 'ConcurrentTx';

/** One card. */
export interface Tag {
  readonly id: string;
  readonly status: AuthorizationStatus;
  /** The group that it belongs to: any card of a group may stop what another one started. */
  readonly parentIdTag?: string;
  /** From this moment on the card is Expired, epoch milliseconds. */
  readonly expiresMs?: number;
  /** The card is good for one transaction at a time; a second one is ConcurrentTx. */
  readonly single?: boolean;
}

/** The cards that a CSMS knows, and what it says of others. Ids are compared without regard to case. */
export class TagList {
  readonly #tags: ReadonlyMap<string, Tag>;
  readonly unknown: AuthorizationStatus;

  /** @param unknown what is said of a card that is not in the list */
  constructor(tags: Iterable<Tag>, unknown: AuthorizationStatus = 'Invalid') {
    this.#tags = new Map([...tags].map((tag) => [fold(tag.id), tag]));
    this.unknown = unknown;
  }

  /** A list that takes every card. */
  static acceptAll(): TagList {
    return new TagList([], 'Accepted');
  }

  find(idTag: string): Tag | undefined {
    return this.#tags.get(fold(idTag));
  }

  /** All cards, in the order of the file. */
  all(): Tag[] {
    return [...this.#tags.values()];
  }
}

/** Whether two idTags are the same card. */
export function sameTag(a: string, b: string): boolean {
  return fold(a) === fold(b);
}

/** toLowerCase, unlike toLocaleLowerCase, is the same everywhere (the Turkish i). */
function fold(idTag: string): string {
  return idTag.toLowerCase();
}
