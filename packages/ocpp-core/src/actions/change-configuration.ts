import type { IncomingAction } from './incoming-action.ts';

/** What a new value does begins once the answer is on the wire: it may end the connection. @see OCPP 1.6, 5.3 */
export const changeConfiguration: IncomingAction<'ChangeConfiguration'> = {
  action: 'ChangeConfiguration',
  profile: 'Core',
  handle({ configuration }, { key, value }) {
    const { status, announce } = configuration.prepareChange(key, value);
    return { response: { status }, afterwards: announce };
  },
};
