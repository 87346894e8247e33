import type { IncomingAction } from './incoming-action.ts';

/** What the bus can carry of ConnectionTimeOut, in seconds (D13). */
const CONNECTION_TIMEOUT_S = { least: 10, most: 300 };

/**
 * What a new value does beyond being read at its next use hangs on the configuration's own listeners (key-effects.ts); only what must
 * follow the answer is here.
 * @see OCPP 1.6, 5.3
 */
export const changeConfiguration: IncomingAction<'ChangeConfiguration'> = {
  action: 'ChangeConfiguration',
  profile: 'Core',
  handle({ configuration, redial }, { key, value }) {
    const name = key.toLowerCase();
    if (name === 'connectiontimeout' && !fits(value)) return { response: { status: 'Rejected' } };
    const status = configuration.change(key, value);
    const profile = configuration.get('SecurityProfile');
    const changesPassword = name === 'authorizationkey' && (profile === 1 || profile === 2);
    if (status !== 'Accepted' || !changesPassword) return { response: { status } };
    return { response: { status }, afterwards: () => redial('the AuthorizationKey has changed') };
  },
};

function fits(value: string): boolean {
  const timeoutS = Number(value);
  return timeoutS >= CONNECTION_TIMEOUT_S.least && timeoutS <= CONNECTION_TIMEOUT_S.most;
}
