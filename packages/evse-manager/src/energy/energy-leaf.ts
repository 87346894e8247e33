import type { Clock, Logger, Random } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { ChargerStateName } from '../charger/charger-state.ts';
import type { EvsePublisher } from '../evse-ports.ts';
import { cableRatingA } from '../iec/cable-rating.ts';
import { CurrentLimit } from './current-limit.ts';
import { asksForPower, energyRequest } from './energy-request.ts';
import { energyTransferModes } from './energy-transfer-modes.ts';
import { cappedByCable, enforcedCurrentA } from './enforced-limits.ts';
import { RandomDelay } from './random-delay.ts';
import { RequestPace } from './request-pace.ts';

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
  /** Whether somebody, or a fault, holds charging back. */
  heldBack(): boolean;
  /** Whether the transaction waits for its car to be plugged in again. */
  carAway(): boolean;
  setOverCurrentLimit(limitA: number): void;
  /** Has the board use all three phases, or one; undefined: as it does, whatever was asked before. */
  requestPhases(threePhases: boolean | undefined): void;
  /** The limit may have changed. */
  onLimit(): void;
}

/** In these it depends on who holds charging back, and on whether the car is there. */
const asksByMoreThanState: ReadonlySet<ChargerStateName> = new Set(['ChargingPausedEV', 'ChargingPausedEVSE']);

/** States in which no car charges, nor will without a word that somebody waits. */
const atRest: ReadonlySet<ChargerStateName> = new Set(['Disabled', 'Idle', 'Finished']);

/**
 * The EVSE as a leaf of the energy tree: what it asks for, and what it is left. It asks again where something has changed or a grant has
 * to be renewed, and is silent while nobody charges.
 */
export class EnergyLeaf {
  readonly limit: CurrentLimit;
  readonly delay: RandomDelay;
  readonly #pace: RequestPace;
  readonly #options: EnergyLeafOptions;
  readonly #ports: EnergyLeafPorts;
  #begun = false;
  #hardware: types.evse_board_support.HardwareCapabilities | undefined;
  #phases: number | undefined;
  #treePhases: number | undefined;
  #gridMeter: types.powermeter.Powermeter | undefined;
  #carMeter: types.powermeter.Powermeter | undefined;
  #limits: types.energy.LimitsRes | undefined;
  #validUntilMs = 0;
  #toldLimits = '';
  #asked = '';
  #askedIn: ChargerStateName | undefined;
  #toldOverCurrentLimitA: number | undefined;

  constructor(options: EnergyLeafOptions, ports: EnergyLeafPorts) {
    this.#options = options;
    this.#ports = ports;
    const { clock, log, random, publish } = ports;
    this.limit = new CurrentLimit({
      clock,
      log,
      isNeeded: () => this.#needsGrant(),
      onChange: () => this.#onLimit(),
    });
    this.#pace = new RequestPace({
      clock,
      isInSession: () => !atRest.has(ports.state()),
      needsGrant: () => this.#needsGrant(),
      ask: () => this.request(false),
    });
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
  }

  takeHardware(hardware: types.evse_board_support.HardwareCapabilities): void {
    this.#hardware = hardware;
    this.#phases ??= hardware.max_phase_count_import;
    this.#ports.publish.hardwareCapabilities(hardware);
    this.#ports.publish.supportedEnergyTransferModes(energyTransferModes(hardware));
    this.limit.setHardware(hardware.max_current_A_import, hardware.connector_type === 'IEC62196Type2Socket');
    this.#update();
  }

  /** So many phases are connected from now on: what is granted in watt is another current on each. */
  takePhases(phases: number): void {
    if (phases < 1) return;
    this.#phases = phases;
    if (this.#limits) this.#take(this.#limits);
    this.#onLimit();
    this.#update();
  }

  /** The board was told to use all its phases, or one. */
  phasesSwitched(threePhases: boolean): void {
    this.takePhases(threePhases ? (this.#hardware?.max_phase_count_import ?? 3) : 1);
  }

  takeProximityPilot(ampacity: types.board_support_common.ProximityPilot['ampacity']): void {
    this.limit.setCableRating(cableRatingA(ampacity, this.#hardware?.max_phase_count_import ?? 3));
    this.#update();
  }

  takeGridMeter(value: types.powermeter.Powermeter): void {
    this.#gridMeter = value;
  }

  takeCarMeter(value: types.powermeter.Powermeter): void {
    this.#carMeter = value;
  }

  /**
   * Takes what the tree leaves to this EVSE. Limits of others, and those that come before the hardware is known, are none.
   * @param byStranger whether a module handed it over that is none of Chargemesh's
   */
  enforce(enforced: types.energy.EnforcedLimits, byStranger: boolean): void {
    const { moduleId } = this.#options;
    const { publish, clock } = this.#ports;
    if (enforced.uuid !== moduleId || this.#phases === undefined) return;
    const { limits_root_side: limits } = enforced;
    publish.enforcedLimits(cappedByCable(enforced, this.limit.cableRatingA));
    if (limits.total_power_W) publish.external('state/max_watt', String(limits.total_power_W.value));
    this.#validUntilMs = clock.monotonicMs() + enforced.valid_for * 1000;
    this.#limits = limits;
    this.#choosePhases(limits.ac_max_phase_count?.value);
    const currentA = this.#take(limits);
    this.#pace.granted(currentA === 0 ? Number.POSITIVE_INFINITY : enforced.valid_for * 1000, byStranger);
    publish.external('state/max_current', String(this.limit.limitA ?? 0));
  }

  /** The charger has come to rest in a state: asks anew if it is another one. */
  settled(): void {
    const state = this.#ports.state();
    // A state that passes: to ask for nothing there could turn the car's pause into one of the EVSE.
    if (state !== 'StoppingCharging' && (state !== this.#askedIn || asksByMoreThanState.has(state))) this.#update();
  }

  /** Asks for energy; with priority where somebody waits for the answer. */
  request(priority: boolean): void {
    const request = this.#request(priority);
    this.#asked = sayOf(request);
    this.#askedIn = this.#ports.state();
    this.#ports.publish.energyRequest(request);
    this.#pace.asked();
  }

  /** Stops all timers. */
  dispose(): void {
    this.#pace.stop();
    this.limit.dispose();
    this.delay.dispose();
  }

  /** Something that a request says may have changed: asks anew if it did. */
  #update(): void {
    if (this.#begun && sayOf(this.#request(false)) !== this.#asked) this.request(false);
  }

  /** @returns the current that limits leave on each phase, in ampere */
  #take(limits: types.energy.LimitsRes): number {
    const { nominalVoltageV } = this.#options;
    const currentA = enforcedCurrentA(limits, { nominalVoltageV, phases: this.#phases ?? 3 });
    this.delay.take(currentA, carMayCharge.has(this.#ports.state()));
    this.#grant();
    return currentA;
  }

  /** The tree leaves so many phases to this EVSE. Said again it does not overrule who has asked for another number meanwhile. */
  #choosePhases(phases: number | undefined): void {
    const { supports_changing_phases_during_charging: switches, max_phase_count_import: most = 3 } =
      this.#hardware ?? {};
    if (!switches || (phases !== 1 && phases !== most)) return;
    const before = this.#treePhases ?? this.#phases;
    this.#treePhases = phases;
    if (phases === before) return;
    this.#ports.requestPhases(phases === this.#phases ? undefined : phases === most);
  }

  #needsGrant(): boolean {
    const { requestZeroPowerInIdle } = this.#options;
    const state = this.#ports.state();
    const [heldBack, carAway] = [this.#ports.heldBack(), this.#ports.carAway()];
    return !atRest.has(state) && asksForPower({ state, heldBack, carAway, requestZeroPowerInIdle });
  }

  #request(priority: boolean): types.energy.EnergyFlowRequest {
    const { moduleId, requestZeroPowerInIdle } = this.#options;
    const { clock, state } = this.#ports;
    return energyRequest(
      {
        moduleId,
        state: state(),
        heldBack: this.#ports.heldBack(),
        carAway: this.#ports.carAway(),
        priority,
        hardware: this.#hardware,
        phases: this.#phases,
        cableRatingA: this.limit.cableRatingA,
        requestZeroPowerInIdle,
        gridMeter: this.#gridMeter,
        carMeter: this.#carMeter,
      },
      clock,
    );
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

/** What a request says beside when it was made and what meters show: those alone are no reason to ask again. */
function sayOf({ evse_state, schedule_import, schedule_export }: types.energy.EnergyFlowRequest): string {
  const limits = [...schedule_import, ...schedule_export].map((entry) => [
    entry.limits_to_root,
    entry.limits_to_leaves,
  ]);
  return JSON.stringify([evse_state, limits]);
}
