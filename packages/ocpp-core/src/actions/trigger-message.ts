import type { Engine } from '../engine.ts';
import type { IncomingAction } from './incoming-action.ts';

/** @see OCPP 1.6, 5.17 */
export const triggerMessage: IncomingAction<'TriggerMessage'> = {
  action: 'TriggerMessage',
  profile: 'RemoteTrigger',
  handle(engine, { requestedMessage, connectorId }) {
    const { connectors, meterValues, registration } = engine;
    if (connectorId !== undefined && !connectors.find(connectorId)) return { response: { status: 'Rejected' } };
    switch (requestedMessage) {
      case 'BootNotification':
        return { response: { status: 'Accepted' }, afterwards: () => registration.boot() };
      case 'Heartbeat':
        return { response: { status: 'Accepted' }, afterwards: () => engine.heartbeat({ triggered: true }) };
      case 'StatusNotification':
        return { response: { status: 'Accepted' }, afterwards: () => connectors.reportTriggered(connectorId) };
      case 'MeterValues': {
        const ids = connectorsWithValues(engine, connectorId);
        if (ids.length === 0) return { response: { status: 'Rejected' } };
        return {
          response: { status: 'Accepted' },
          afterwards: () => ids.forEach((id) => void meterValues.trigger(id)),
        };
      }
      case 'DiagnosticsStatusNotification':
        return { response: { status: 'Accepted' }, afterwards: () => engine.diagnostics.tell() };
      case 'FirmwareStatusNotification':
        return { response: { status: 'Accepted' }, afterwards: () => engine.firmware.tell() };
    }
  },
};

function connectorsWithValues({ connectors, meterValues }: Engine, connectorId: number | undefined): readonly number[] {
  const asked = connectorId === undefined ? [0, ...connectors.ids] : [connectorId];
  return asked.filter((id) => meterValues.has(id));
}
