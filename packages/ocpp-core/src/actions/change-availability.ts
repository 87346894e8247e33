import type { IncomingAction } from './incoming-action.ts';

/** @see OCPP 1.6, 5.2 */
export const changeAvailability: IncomingAction<'ChangeAvailability'> = {
  action: 'ChangeAvailability',
  profile: 'Core',
  handle({ availability }, { connectorId, type }) {
    const { status, execute } = availability.decide(connectorId, type);
    return { response: { status }, afterwards: execute };
  },
};
