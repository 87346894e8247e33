import type { IncomingAction } from './incoming-action.ts';

/** Asked for more keys than GetConfigurationMaxKeys at once, it answers those that it may. @see OCPP 1.6, 5.8 and 9.1.9 */
export const getConfiguration: IncomingAction<'GetConfiguration'> = {
  action: 'GetConfiguration',
  profile: 'Core',
  handle({ configuration }, { key = [] }) {
    const most = configuration.get('GetConfigurationMaxKeys') || key.length;
    const { configurationKey, unknownKey } = configuration.read(key.slice(0, most));
    return {
      response: {
        ...(configurationKey.length > 0 ? { configurationKey } : {}),
        ...(unknownKey.length > 0 ? { unknownKey } : {}),
      },
    };
  },
};
