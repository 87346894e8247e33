import { type Clock, formatTimestamp, type Logger, PatientWrites } from '@chargemesh/base';
import type { SecurityEvent } from '../charge-point-types.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { cutText } from '../cut-text.ts';
import type { Messenger } from '../queue/messenger.ts';

/** Whether an event is told to the CSMS where nobody says otherwise. Other names: not. @see OCPP 1.6 security whitepaper, ed. 3, 6 */
const criticalTypes: ReadonlySet<string> = new Set([
  'FirmwareUpdated',
  'SettingSystemTime',
  'StartupOfTheDevice',
  'ResetOrReboot',
  'SecurityLogWasCleared',
  'MemoryExhaustion',
  'TamperDetectionActivated',
]);

/** Names of OCPP 2 for what 1.6 calls otherwise (D24). */
const namesOf16: Readonly<Record<string, string>> = {
  FailedToAuthenticateAtCsms: 'FailedToAuthenticateAtCentralSystem',
  CsmsFailedToAuthenticate: 'CentralSystemFailedToAuthenticate',
  InvalidCsmsCertificate: 'InvalidCentralSystemCertificate',
  InvalidChargingStationCertificate: 'InvalidChargePointCertificate',
};

/** What {@link SecurityEvents} stands on. */
export interface SecurityEventsParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly configuration: Configuration;
  readonly messenger: Messenger;
  /** Hears of events raised inside the library. */
  readonly raised: (event: SecurityEvent & { timestampMs: number }) => void;
}

/** Writes down what matters for security and tells the CSMS what is critical (E-40). */
export class SecurityEvents {
  readonly #parts: SecurityEventsParts;
  readonly #writes: PatientWrites;

  constructor(parts: SecurityEventsParts) {
    this.#parts = parts;
    this.#writes = new PatientWrites(parts.clock, parts.log);
  }

  /** An event of the library's own. */
  raise(event: SecurityEvent): void {
    const timestampMs = event.timestampMs ?? this.#parts.clock.wallMs();
    this.#parts.raised({ ...event, timestampMs });
    this.report({ ...event, timestampMs });
  }

  /** An event of the station. Its type is cut to 50 characters, its text to 255. */
  report(event: SecurityEvent): void {
    const { clock, log, configuration, messenger } = this.#parts;
    const type = cutText(namesOf16[event.type] ?? event.type, 50);
    const critical = event.critical ?? criticalTypes.has(type);
    log.info('security event', { type, info: event.info, critical });
    if (!critical || configuration.get('DisableSecurityEventNotifications') === true) return;
    const timestamp = formatTimestamp(event.timestampMs ?? clock.wallMs());
    const techInfo = event.info === undefined ? {} : { techInfo: cutText(event.info, 255) };
    // A full disk holds it up, and never what it tells of.
    this.#writes.write(() =>
      messenger.atomically(() => messenger.queue('SecurityEventNotification', { type, timestamp, ...techInfo })),
    );
  }
}
