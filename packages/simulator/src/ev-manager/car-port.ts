import type { types } from '@chargemesh/contracts';
import type { HlcRequest } from './car-actions.ts';
import type { Equipment } from './commands.ts';

/** The car's hands: everything it does to the world, in order. */
export interface CarPort {
  setCpState(letter: types.ev_board_support.EvCpState): void;
  allowPowerOn(allowed: boolean): void;
  /** The most that the car draws, in ampere; negative: it feeds back. */
  setAcMaxCurrent(currentA: number): void;
  setThreePhases(threePhases: boolean): void;
  failDiode(failed: boolean): void;
  /** DC residual current, in milliampere. */
  setRcdCurrent(currentMa: number): void;
  triggerMatching(): void;
  resetMatching(): void;
  startHlc(request: HlcRequest): void;
  stopHlc(): void;
  pauseHlc(): void;
  /** Tells of the battery. */
  info(info: types.evse_manager.EVInfo): void;
  /** The car was plugged in, or unplugged. */
  plugged(plugged: boolean): void;
}

/** What the car is like. */
export interface CarOptions {
  readonly equipment: Equipment;
  /** What the command `plugin` does. */
  readonly pluginCommands: string;
  /** A script that begins again whenever a script has come to its end. */
  readonly repeat?: string;
  /** How many times faster than real time scripts run. */
  readonly speed: number;
  readonly acVoltageV: number;
  readonly dcTargetCurrentA: number;
  readonly dcTargetVoltageV: number;
}
