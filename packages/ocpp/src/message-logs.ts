import type { Module } from '@chargemesh/framework';
import type { Configuration, LoggedFrame } from '@chargemesh/ocpp-core';

/** Where the traffic with the CSMS is written down, as LogMessages and LogMessagesFormat say. */
export class MessageLogs {
  readonly #module: Module<'OCPP'>;
  readonly #publishes: boolean;

  constructor(module: Module<'OCPP'>, configuration: Configuration) {
    this.#module = module;
    const formats = configuration.get('LogMessagesFormat');
    this.#publishes = Array.isArray(formats) && formats.includes('callback');
  }

  write({ text, direction }: LoggedFrame): void {
    if (this.#publishes)
      this.#module.provide('ocpp_generic').publish('ocpp_message', {
        message: text,
        direction: direction === 'out' ? 'ChargingStationToCSMS' : 'CSMSToChargingStation',
      });
  }

  close(): void {}
}
