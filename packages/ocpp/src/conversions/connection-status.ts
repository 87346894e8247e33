import type { types } from '@chargemesh/contracts';
import type { ConnectionStatus } from '@chargemesh/ocpp-core';

/** Whether the CSMS is reached, as the mesh hears it. OCPP 1.6 has one network slot, whose number is a matter of taste. */
export function connectionStatus(status: ConnectionStatus, slot: number): types.ocpp.ConnectionStatus {
  return {
    connected: status.connected,
    csms_url: status.csmsUri,
    identity: status.identity,
    security_profile: status.securityProfile,
    configuration_slot: slot,
    ocpp_interface: 'Any',
    ocpp_transport: 'JSON',
    ocpp_version: '1.6',
  };
}
