import type { Timer } from '@chargemesh/base';
import type { Heartbeat } from './boot/heartbeat.ts';
import type { Configuration } from './configuration/configuration.ts';
import type { Link } from './transport/link.ts';

/** What changes with a key at once; every other key is read when it is needed. Meter intervals are watched by their scheduler. */
export interface KeyEffectsParts {
  readonly configuration: Configuration;
  readonly heartbeat: Heartbeat;
  readonly link: Link;
  readonly connectionTimeout: (timeoutS: number) => void;
}

/** Lets changed keys take effect while the station runs. @returns what to cancel at the end */
export function watchKeys({ configuration, heartbeat, link, connectionTimeout }: KeyEffectsParts): Timer {
  const watched = [
    configuration.onChange('HeartbeatInterval', () => {
      if (heartbeat.running) heartbeat.start(configuration.get('HeartbeatInterval'));
    }),
    configuration.onChange('WebSocketPingInterval', () => link.pingChanged()),
    configuration.onChange('AuthorizationKey', () => {
      const profile = configuration.get('SecurityProfile');
      if (profile === 1 || profile === 2) link.redial('the AuthorizationKey has changed');
    }),
    configuration.onChange('ConnectionTimeOut', () => connectionTimeout(configuration.get('ConnectionTimeOut'))),
  ];
  return { cancel: () => watched.forEach((watch) => void watch.cancel()) };
}
