import { formatTimestamp } from '@chargemesh/base';
import type { AuthorizationStatus, Tag, TagList } from './tag-list.ts';

/** IdTagInfo as it goes over the wire. @see OCPP 1.6 edition 2, 7.26 */
export interface IdTagInfo {
  readonly status: AuthorizationStatus;
  readonly parentIdTag?: string;
  readonly expiryDate?: string;
}

/**
 * What the CSMS says of a card.
 * @param inTransaction whether the card is in another open transaction already
 */
export function idTagInfo(tags: TagList, idTag: string, nowMs: number, inTransaction: boolean): IdTagInfo {
  const tag = tags.find(idTag);
  if (tag === undefined) return { status: tags.unknown };
  return {
    status: statusOf(tag, nowMs, inTransaction),
    ...(tag.parentIdTag === undefined ? {} : { parentIdTag: tag.parentIdTag }),
    ...(tag.expiresMs === undefined ? {} : { expiryDate: formatTimestamp(tag.expiresMs) }),
  };
}

function statusOf(tag: Tag, nowMs: number, inTransaction: boolean): AuthorizationStatus {
  if (tag.status !== 'Accepted') return tag.status;
  if (tag.expiresMs !== undefined && nowMs >= tag.expiresMs) return 'Expired';
  return tag.single === true && inTransaction ? 'ConcurrentTx' : 'Accepted';
}
