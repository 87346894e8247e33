import { messageOf, type Timer } from '@chargemesh/base';
import type { ExternalEnergyLimitsInterface } from '@chargemesh/contracts';
import type { Module, Required } from '@chargemesh/framework';
import type { Configuration } from '@chargemesh/ocpp-core';
import { chargingSchedule, externalLimits, scheduleStartMs, type UnlimitedSchedule } from './unlimited-schedule.ts';

type Sink = Required<ExternalEnergyLimitsInterface>;

/**
 * Hands the composite schedule of each connector and of the station to the energy sinks and to whoever listens: at the start and every
 * PublishChargingScheduleIntervalS (D-51), and to a sink that was away when it is back.
 */
export class SchedulePublisher {
  readonly #module: Module<'OCPP'>;
  readonly #configuration: Configuration;
  readonly #connectorIds: readonly number[];
  #timer: Timer | undefined;
  #started = false;

  constructor(module: Module<'OCPP'>, configuration: Configuration) {
    this.#module = module;
    this.#configuration = configuration;
    this.#connectorIds = [0, ...module.all('evse_manager').map((_evse, index) => index + 1)];
    for (const sink of module.all('evse_energy_sink')) {
      if (!sink.mapping)
        throw new RangeError(
          `the energy sink ${sink.moduleId} has no EVSE mapping, so OCPP cannot tell whose limits it takes`,
        );
      sink.onPresence((present) => {
        if (present && this.#started) void this.#limit(sink, this.#schedules());
      });
    }
  }

  async start(): Promise<void> {
    const intervalS = this.#module.config.PublishChargingScheduleIntervalS;
    if (intervalS > 0) this.#timer = this.#module.clock.setPeriodic(intervalS * 1000, () => void this.#publish());
    await this.#publish();
    this.#started = true;
  }

  stop(): void {
    this.#timer?.cancel();
  }

  async #publish(): Promise<void> {
    const schedules = this.#schedules();
    for (const sink of this.#module.all('evse_energy_sink')) await this.#limit(sink, schedules);
    this.#module.provide('ocpp_generic').publish('charging_schedules', { schedules: schedules.map(chargingSchedule) });
  }

  /** Tells a sink the limits of the EVSE, or of the whole station, that it stands at. */
  async #limit(sink: Sink, schedules: readonly UnlimitedSchedule[]): Promise<void> {
    const schedule = schedules.find(({ connectorId }) => connectorId === sink.mapping?.evse);
    if (!schedule) return;
    const source = `${this.#module.id}/OCPP_set_external_limits`;
    await sink
      .call('set_external_limits', { value: externalLimits(schedule, source) })
      .catch((error) =>
        this.#module.log.warn(
          `${sink.moduleId} did not take the limits of connector ${schedule.connectorId}: ${messageOf(error)}`,
        ),
      );
  }

  #schedules(): readonly UnlimitedSchedule[] {
    const startMs = scheduleStartMs(this.#module.clock.wallMs());
    return this.#connectorIds.map((connectorId) => this.#schedule(connectorId, startMs));
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
