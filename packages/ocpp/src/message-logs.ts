import type { types } from '@chargemesh/contracts';
import { IN_MEMORY, type Module } from '@chargemesh/framework';
import {
  type ChargePointEvents,
  type Configuration,
  type LoggedFrame,
  MessageLog,
  visibleFrame,
} from '@chargemesh/ocpp-core';

/** Where the traffic with the CSMS goes: to files and, with the format `callback`, to the bus, as LogMessages and LogMessagesFormat say. */
export class MessageLogs {
  readonly #module: Module<'OCPP'>;
  readonly #files: MessageLog;
  readonly #publishes: boolean;

  constructor(module: Module<'OCPP'>, configuration: Configuration, onSecurityLogCleared: () => void) {
    const { clock, log, paths } = module;
    const folder = paths.of('MessageLogPath');
    this.#module = module;
    this.#files = new MessageLog({
      folder: folder === IN_MEMORY ? undefined : folder,
      configuration,
      clock,
      log,
      onSecurityLogCleared,
    });
    this.#publishes = configuration.get('LogMessages') && configuration.get('LogMessagesFormat').includes('callback');
  }

  frame(frame: LoggedFrame): void {
    this.#files.frame(frame);
    if (this.#publishes)
      this.#module.provide('ocpp_generic').publish('ocpp_message', {
        message: visibleFrame(frame.text).text,
        direction: frame.direction === 'out' ? 'ChargingStationToCSMS' : 'CSMSToChargingStation',
      });
  }

  securityEvent(event: ChargePointEvents['securityEvent']): void {
    this.#files.securityEvent(event);
  }

  /** A session whose EVSE keeps a log of it has its messages beside that. */
  sessionEvent({ event, uuid, session_started }: types.evse_manager.SessionEvent): void {
    if (event === 'SessionFinished') this.#files.sessionFinished(uuid);
    const folder = session_started?.logging_path;
    if (event === 'SessionStarted' && folder !== undefined) this.#files.sessionStarted(uuid, folder);
  }

  close(): void {
    this.#files.close();
  }
}
