import { type Clock, formatTimestamp, type Random } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { noCurrent, type Phases } from './charging-current.ts';
import type { MeterMemory } from './meter-register.ts';

type Powermeter = types.powermeter.Powermeter;

/** What the meter is connected to. */
export interface MeterOptions {
  readonly nominalVoltageV: number;
  readonly nominalFrequencyHz: number;
  /** How many times faster than real time energy is counted. */
  readonly speed: number;
}

/** The line from the grid to the meter; the voltage drops on it by this much an ampere. */
const LINE_OHM = 0.5;
const AMBIENT_C = 25;
const HEATING_C_PER_W = 0.003;
const NEUTRAL_SHARE = 0.2 / 32;
const MS_PER_HOUR = 3_600_000;

/** A three-phase energy meter with a little noise. Its register goes on where it was when the process ended. */
export class Meter {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #memory: MeterMemory;
  readonly #options: MeterOptions;
  #importWh: Phases;
  #exportWh: Phases;
  #saved = true;
  #countedAtMs: number;
  #drawnA: Phases = noCurrent;
  #currentA: Phases = noCurrent;
  #voltageV: Phases;
  #frequencyHz: number;

  constructor(options: MeterOptions, { clock, random, memory }: { clock: Clock; random: Random; memory: MeterMemory }) {
    this.#options = options;
    this.#clock = clock;
    this.#random = random;
    this.#memory = memory;
    const register = memory.load();
    this.#importWh = register?.importWh ?? [0, 0, 0];
    this.#exportWh = register?.exportWh ?? [0, 0, 0];
    this.#countedAtMs = clock.monotonicMs();
    this.#voltageV = mapPhases(noCurrent, () => options.nominalVoltageV);
    this.#frequencyHz = options.nominalFrequencyHz;
  }

  /** Whether any current flows. */
  get flows(): boolean {
    return this.#drawnA.some((ampere) => ampere !== 0);
  }

  /** From now on these currents flow, in ampere; negative towards the grid. */
  setCurrent(drawnA: Phases): void {
    this.#count();
    this.#drawnA = drawnA;
    this.#measure();
  }

  /** Sets the register to zero, as a car is plugged in where the configuration says so. */
  reset(): void {
    this.#count();
    this.#importWh = [0, 0, 0];
    this.#exportWh = [0, 0, 0];
    this.#saved = false;
    this.save();
  }

  /** Counts up to now and measures anew. */
  read(): Powermeter {
    this.#count();
    this.#measure();
    const powerW = mapPhases(this.#voltageV, (voltageV, phase) => Math.round(voltageV * this.#currentA[phase]));
    const temperatureC = temperatureOf(powerW);
    return {
      timestamp: formatTimestamp(this.#clock.wallMs()),
      meter_id: 'YETI_POWERMETER',
      phase_seq_error: false,
      energy_Wh_import: energy(this.#importWh),
      energy_Wh_export: energy(this.#exportWh),
      power_W: { total: sum(powerW), ...named(powerW) },
      voltage_V: named(this.#voltageV),
      current_A: { ...named(this.#currentA), N: Math.max(...this.#currentA.map(Math.abs)) * NEUTRAL_SHARE },
      frequency_Hz: named([this.#frequencyHz, this.#frequencyHz, this.#frequencyHz]),
      temperatures: [{ identification: 'Powermeter', location: 'Powermeter', temperature: temperatureC }],
    };
  }

  /** Writes the register to its memory, if anything was counted since it was last written. */
  save(): void {
    if (this.#saved) return;
    this.#saved = true;
    this.#memory.save({ importWh: this.#importWh, exportWh: this.#exportWh });
  }

  #count(): void {
    const nowMs = this.#clock.monotonicMs();
    const hours = ((nowMs - this.#countedAtMs) / MS_PER_HOUR) * this.#options.speed;
    this.#countedAtMs = nowMs;
    if (hours === 0 || this.#currentA.every((ampere) => ampere === 0)) return;
    const addedWh = mapPhases(this.#currentA, (ampere, phase) => ampere * this.#voltageV[phase] * hours);
    this.#importWh = mapPhases(this.#importWh, (wh, phase) => wh + Math.max(0, addedWh[phase]));
    this.#exportWh = mapPhases(this.#exportWh, (wh, phase) => wh - Math.min(0, addedWh[phase]));
    this.#saved = false;
  }

  #measure(): void {
    const { nominalVoltageV, nominalFrequencyHz } = this.#options;
    const voltageNoise = 1 + this.#noise(0.01);
    // One-sided: a car may draw a little less than it is offered, never more.
    const currentNoise = 1 - Math.abs(this.#noise(0.01));
    this.#frequencyHz = nominalFrequencyHz * (1 + this.#noise(0.0015));
    this.#currentA = mapPhases(this.#drawnA, (ampere) => ampere * currentNoise);
    this.#voltageV = mapPhases(this.#drawnA, (ampere) => (nominalVoltageV - LINE_OHM * ampere) * voltageNoise);
  }

  #noise(share: number): number {
    return (this.#random.real() * 2 - 1) * share;
  }
}

function temperatureOf(powerW: Phases): number {
  return Math.round((AMBIENT_C + HEATING_C_PER_W * Math.abs(sum(powerW))) * 100) / 100;
}

function energy(wh: Phases): types.units.Energy {
  return { total: Math.round(sum(wh)), ...named(mapPhases(wh, (value) => Math.round(value))) };
}

function named([L1, L2, L3]: Phases): { L1: number; L2: number; L3: number } {
  return { L1, L2, L3 };
}

function sum([l1, l2, l3]: Phases): number {
  return l1 + l2 + l3;
}

function mapPhases([l1, l2, l3]: Phases, change: (value: number, phase: 0 | 1 | 2) => number): Phases {
  return [change(l1, 0), change(l2, 1), change(l3, 2)];
}
