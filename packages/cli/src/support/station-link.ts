import type { Topics } from '@chargemesh/framework';
import { readValue } from '@chargemesh/manager';
import { undeliverableCount, undeliverableTopic } from './undeliverable.ts';

/** What the station and its CSMS are to each other, as far as it was heard. */
export interface StationLink {
  readonly identity: string | undefined;
  readonly url: string | undefined;
  readonly connected: boolean;
  readonly boot: 'Accepted' | 'Pending' | 'Rejected' | undefined;
  /** How many messages the CSMS has refused for good. */
  readonly undeliverable: number;
}

/** The link of a station that nothing was heard of yet. */
export const unknownLink: StationLink = {
  identity: undefined,
  url: undefined,
  connected: false,
  boot: undefined,
  undeliverable: 0,
};

/** Where an OCPP module says how it is doing: live, and kept for those who join late. */
export function linkTopics(topics: Topics, ocppModuleId: string): string[] {
  const variables = ['connection_status', 'boot_notification_response'].flatMap((variable) => [
    topics.variable(ocppModuleId, 'ocpp_generic', variable),
    topics.keptVariable(ocppModuleId, 'ocpp_generic', variable),
  ]);
  return [...variables, undeliverableTopic(topics.prefixes.external, ocppModuleId)];
}

/** Takes a message of {@link linkTopics} into account. */
export function updateLink(link: StationLink, topic: string, payload: string): StationLink {
  if (topic.endsWith('/undeliverable')) return { ...link, undeliverable: undeliverableCount(payload) };
  const value = readValue(payload);
  if (!value) return link;
  if (topic.endsWith('/boot_notification_response')) {
    const { status } = value;
    return status === 'Accepted' || status === 'Pending' || status === 'Rejected' ? { ...link, boot: status } : link;
  }
  const connected = value.connected === true;
  return {
    ...link,
    identity: typeof value.identity === 'string' ? value.identity : link.identity,
    url: typeof value.csms_url === 'string' ? value.csms_url : link.url,
    // A boot was accepted on a connection; a new connection may bring a new answer, but loses nothing of the old one.
    connected,
  };
}

/** In words. */
export function describeLink({ connected, boot }: StationLink): string {
  if (!connected) return boot === undefined ? 'connecting …' : 'connection lost, connecting …';
  switch (boot) {
    case 'Accepted':
      return 'connected, boot accepted';
    case 'Pending':
      return 'connected, boot pending: the CSMS wants to configure the station first';
    case 'Rejected':
      return 'connected, boot rejected: the CSMS does not know this station';
    case undefined:
      return 'connected, waiting for the answer to BootNotification';
  }
}
