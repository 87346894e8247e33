import type { SecurityEvent } from '../charge-point-types.ts';
import type { BootReason } from '../ocpp-types.ts';

/** The security event that a start is (C-76). */
export function startEvent(reason: BootReason): SecurityEvent {
  switch (reason) {
    case 'RemoteReset':
    case 'ScheduledReset':
      return { type: 'ResetOrReboot', info: 'The Charge Point was reset' };
    case 'FirmwareUpdate':
      return { type: 'FirmwareUpdated', info: 'The Charge Point has booted after a firmware update' };
    case 'ApplicationReset':
    case 'LocalReset':
    case 'PowerUp':
    case 'Triggered':
    case 'Unknown':
    case 'Watchdog':
      return { type: 'StartupOfTheDevice', info: 'The Charge Point has booted' };
  }
}
