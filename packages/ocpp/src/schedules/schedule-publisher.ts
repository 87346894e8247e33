import { messageOf, type Timer } from '@chargemesh/base';
import type { Module } from '@chargemesh/framework';
import type { Configuration } from '@chargemesh/ocpp-core';
import { chargingSchedule, externalLimits, scheduleStartMs, type UnlimitedSchedule } from './unlimited-schedule.ts';

/**
 * Hands the composite schedule of each connector and of the station to the energy sinks and to whoever listens: at the start and every
 * PublishChargingScheduleIntervalS (D-51).
 */
export class SchedulePublisher {
  readonly #module: Module<'OCPP'>;
  readonly #configuration: Configuration;
  readonly #connectorIds: readonly number[];
  #timer: Timer | undefined;

  constructor(module: Module<'OCPP'>, configuration: Configuration) {
    this.#module = module;
    this.#configuration = configuration;
    this.#connectorIds = [0, ...module.all('evse_manager').map((_evse, index) => index + 1)];
    for (const sink of module.all('evse_energy_sink'))
      if (!sink.mapping)
        throw new RangeError(
          `the energy sink ${sink.moduleId} has no EVSE mapping, so OCPP cannot tell whose limits it takes`,
        );
  }

  async start(): Promise<void> {
    const intervalS = this.#module.config.PublishChargingScheduleIntervalS;
    if (intervalS > 0) this.#timer = this.#module.clock.setPeriodic(intervalS * 1000, () => void this.#publish());
    await this.#publish();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  async #publish(): Promise<void> {
    const { clock, log } = this.#module;
    const startMs = scheduleStartMs(clock.wallMs());
    const schedules = this.#connectorIds.map((connectorId) => this.#schedule(connectorId, startMs));
    const sinks = this.#module.all('evse_energy_sink');
    const source = `${this.#module.id}/OCPP_set_external_limits`;
    for (const schedule of schedules)
      for (const sink of sinks.filter(({ mapping }) => mapping?.evse === schedule.connectorId))
        await sink
          .call('set_external_limits', { value: externalLimits(schedule, source) })
          .catch((error) =>
            log.warn(
              `${sink.moduleId} did not take the limits of connector ${schedule.connectorId}: ${messageOf(error)}`,
            ),
          );
    this.#module.provide('ocpp_generic').publish('charging_schedules', { schedules: schedules.map(chargingSchedule) });
  }

  #schedule(connectorId: number, startMs: number): UnlimitedSchedule {
    const { RequestCompositeScheduleUnit: unit, PublishChargingScheduleDurationS: durationS } = this.#module.config;
    const key = unit === 'W' ? 'CompositeScheduleDefaultLimitWatts' : 'CompositeScheduleDefaultLimitAmps';
    const perConnector = Number(this.#configuration.get(key));
    const connectors = this.#connectorIds.length - 1;
    return {
      connectorId,
      startMs,
      durationS,
      unit: unit === 'W' ? 'W' : 'A',
      limit: connectorId === 0 ? perConnector * connectors : perConnector,
    };
  }
}
