import type { Clock, Logger, Random, Timer } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { ChargerStateName } from '../charger/charger-state.ts';
import type { EvsePublisher } from '../evse-ports.ts';
import { cableRatingA } from '../iec/cable-rating.ts';
import { CurrentLimit } from './current-limit.ts';
import { energyRequest } from './energy-request.ts';
import { energyTransferModes } from './energy-transfer-modes.ts';
import { cappedByCable, enforcedCurrentA } from './enforced-limits.ts';
import { RandomDelay } from './random-delay.ts';

const REQUEST_PERIOD_MS = 1_000;

/** States in which a rise of the limit would start a car, or speed it up. */
const carMayCharge: ReadonlySet<ChargerStateName> = new Set([
  'WaitingForAuthentication',
  'PrepareCharging',
  'Charging',
]);

export interface EnergyLeafOptions {
  readonly moduleId: string;
  readonly nominalVoltageV: number;
  readonly requestZeroPowerInIdle: boolean;
  readonly randomDelay: { readonly enabled: boolean; readonly maxDurationS: number; readonly atAnyChange: boolean };
}

export interface EnergyLeafPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly publish: EvsePublisher;
  /** What the charger does now. */
  state(): ChargerStateName;
  setOverCurrentLimit(limitA: number): void;
  /** The limit may have changed. */
  onLimit(): void;
}

/** The EVSE as a leaf of the energy tree: what it asks for, and what it is left. */
export class EnergyLeaf {
  readonly limit: CurrentLimit;
  readonly delay: RandomDelay;
  readonly #options: EnergyLeafOptions;
  readonly #ports: EnergyLeafPorts;
  #begun = false;
  #period: Timer | undefined;
  #hardware: types.evse_board_support.HardwareCapabilities | undefined;
  #phases: number | undefined;
  #gridMeter: types.powermeter.Powermeter | undefined;
  #carMeter: types.powermeter.Powermeter | undefined;
  #validUntilMs = 0;
  #toldLimits = '';
  #toldOverCurrentLimitA: number | undefined;

  constructor(options: EnergyLeafOptions, ports: EnergyLeafPorts) {
    this.#options = options;
    this.#ports = ports;
    const { clock, log, random, publish } = ports;
    this.limit = new CurrentLimit({ clock, log, onChange: () => this.#onLimit() });
    this.delay = new RandomDelay(options.randomDelay, {
      clock,
      random,
      countdown: (countdown) => publish.countdown(countdown),
      onChange: () => this.#grant(),
    });
  }

  /** The mesh is ready: peers may be called from now on. */
  begin(): void {
    this.#begun = true;
    this.#onLimit();
    this.request(true);
    this.#period = this.#ports.clock.setPeriodic(REQUEST_PERIOD_MS, () => this.request(false));
  }

  takeHardware(hardware: types.evse_board_support.HardwareCapabilities): void {
    this.#hardware = hardware;
    this.#phases ??= hardware.max_phase_count_import;
    this.#ports.publish.hardwareCapabilities(hardware);
    this.#ports.publish.supportedEnergyTransferModes(energyTransferModes(hardware));
    this.limit.setHardware(hardware.max_current_A_import, hardware.connector_type === 'IEC62196Type2Socket');
  }

  takePhases(phases: number): void {
    if (phases < 1) return;
    this.#phases = phases;
    this.#onLimit();
  }

  takeProximityPilot(ampacity: types.board_support_common.ProximityPilot['ampacity']): void {
    this.limit.setCableRating(cableRatingA(ampacity, this.#hardware?.max_phase_count_import ?? 3));
  }

  takeGridMeter(value: types.powermeter.Powermeter): void {
    this.#gridMeter = value;
  }

  takeCarMeter(value: types.powermeter.Powermeter): void {
    this.#carMeter = value;
  }

  /** Takes what the tree leaves to this EVSE. Limits of others, and those that come before the hardware is known, are none. */
  enforce(enforced: types.energy.EnforcedLimits): void {
    const { moduleId, nominalVoltageV } = this.#options;
    const { publish, clock, state } = this.#ports;
    if (enforced.uuid !== moduleId || this.#phases === undefined) return;
    const { limits_root_side: limits } = enforced;
    publish.enforcedLimits(cappedByCable(enforced, this.limit.cableRatingA));
    if (limits.total_power_W) publish.external('state/max_watt', String(limits.total_power_W.value));
    this.#validUntilMs = clock.monotonicMs() + enforced.valid_for * 1000;
    const currentA = enforcedCurrentA(limits, { nominalVoltageV, phases: this.#phases });
    this.delay.take(currentA, carMayCharge.has(state()));
    this.#grant();
    publish.external('state/max_current', String(this.limit.limitA ?? 0));
  }

  /** Asks for energy; with priority where somebody waits for the answer. */
  request(priority: boolean): void {
    const { moduleId, requestZeroPowerInIdle } = this.#options;
    const { publish, clock, state } = this.#ports;
    publish.energyRequest(
      energyRequest(
        {
          moduleId,
          state: state(),
          priority,
          hardware: this.#hardware,
          phases: this.#phases,
          cableRatingA: this.limit.cableRatingA,
          requestZeroPowerInIdle,
          gridMeter: this.#gridMeter,
          carMeter: this.#carMeter,
        },
        clock,
      ),
    );
  }

  /** Stops all timers. */
  dispose(): void {
    this.#period?.cancel();
    this.limit.dispose();
    this.delay.dispose();
  }

  #onLimit(): void {
    if (!this.#begun) return;
    const { publish, setOverCurrentLimit, onLimit } = this.#ports;
    const limitA = this.limit.limitA ?? 0;
    if (limitA !== this.#toldOverCurrentLimitA) {
      this.#toldOverCurrentLimitA = limitA;
      setOverCurrentLimit(limitA);
    }
    if (this.#phases !== undefined) {
      const limits = { uuid: this.#options.moduleId, max_current: limitA, nr_of_phases_available: this.#phases };
      const text = JSON.stringify(limits);
      if (text !== this.#toldLimits) publish.limits(limits);
      this.#toldLimits = text;
    }
    onLimit();
  }

  #grant(): void {
    this.limit.grant(this.delay.currentA, this.#validUntilMs - this.#ports.clock.monotonicMs());
  }
}
