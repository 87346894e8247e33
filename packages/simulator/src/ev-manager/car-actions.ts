import type { types } from '@chargemesh/contracts';
import type { CommandName, Ended } from './commands.ts';

/** What the car does at its plug. */
export type CarState =
  | { readonly kind: 'unplugged' }
  | { readonly kind: 'plugged' }
  /** Draws power by IEC 61851. Regulated: only while there is a PWM that offers current. */
  | { readonly kind: 'charging'; readonly regulated: boolean; readonly currentA: number; readonly phases: 1 | 3 }
  | { readonly kind: 'iso-ready' }
  | { readonly kind: 'iso-charging'; readonly currentA: number; readonly phases: 1 | 3 }
  | { readonly kind: 'bcb-toggle'; readonly letter: 'B' | 'C' }
  | { readonly kind: 'error-e' }
  | { readonly kind: 'diode-fail' };

/** A state in which the car draws power. */
export type DrawingState = Extract<CarState, { kind: 'charging' | 'iso-charging' }>;

/** Something that happens and that a command may wait for. */
export type CarSignal = 'real-plugin' | 'dc-power-on' | 'stop-from-charger' | 'pause-from-charger';

/** How a session by ISO 15118 is to be started. */
export interface HlcRequest {
  readonly mode: 'ac' | 'dc';
  /** Undefined: the car chooses. */
  readonly payment: types.iso15118.PaymentOption | undefined;
  /** Seconds until the car wants to leave. Default: the configuration's. */
  readonly departureS?: number;
  /** Energy that it wants until then. Default: the configuration's. */
  readonly energyWh?: number;
}

/** What a command of a script may do with the car. */
export interface CarActions {
  /** The PWM duty that the car measures, in percent; 100 without PWM. */
  dutyPercent(): number;
  slacState(): types.slac.State;
  evPowerReady(): boolean;
  /** Whether no session by ISO 15118 is under way. */
  hlcFinished(): boolean;
  become(state: CarState): void;
  draw(state: DrawingState): void;
  setRcdCurrent(currentMa: number): void;
  setSoc(percent: number): void;
  /** Ends after this many seconds of simulated time. */
  timer(seconds: number): Ended;
  /** Whether the signal came, since the session by ISO 15118 began or since it was forgotten. */
  heard(signal: CarSignal): boolean;
  forget(signal: CarSignal): void;
  toggleBcb(count: number): Ended;
  /** Puts commands without arguments before the rest of the script. */
  insert(names: readonly CommandName[]): void;
  /** Puts the configured commands for plugging in before the rest of the script. */
  insertPluginCommands(): void;
  triggerMatching(): void;
  startHlc(request: HlcRequest): void;
  stopHlc(): void;
  pauseHlc(): void;
}
