import type { Clock, Logger, Random, Store } from '@chargemesh/base';
import type { Manifests, types } from '@chargemesh/contracts';
import type { MeshError } from '@chargemesh/framework';
import type { OwnFaultPort } from './errors/own-faults.ts';
import type { HlcPort, SlacPort } from './hlc/car-link.ts';
import type { BoardPort } from './iec/control-pilot.ts';
import type { LockPort } from './iec/lock-rule.ts';
import type { MeterPort } from './metering/billing-meter.ts';
import type { LogOrigin } from './session/session-log.ts';
import type { KeyValuePort } from './session/transaction-memory.ts';

/** The configuration of an EVSE, with the manifest's keys. */
export type EvseConfig = Manifests['EvseManager']['config'];

/** What an EVSE tells the mesh. */
export interface EvsePublisher {
  /** Where the disk takes nothing the event is told later, in order. */
  sessionEvent(event: types.evse_manager.SessionEvent): void;
  /** Resolves when all session events are on disk and told. */
  written(): Promise<void>;
  selectedProtocol(protocol: string): void;
  evInfo(info: types.evse_manager.EVInfo): void;
  limits(limits: types.evse_manager.Limits): void;
  enforcedLimits(limits: types.energy.EnforcedLimits): void;
  hardwareCapabilities(capabilities: types.evse_board_support.HardwareCapabilities): void;
  powermeter(value: types.powermeter.Powermeter): void;
  energyRequest(request: types.energy.EnergyFlowRequest): void;
  countdown(countdown: types.uk_random_delay.CountDown): void;
  evseId(id: string): void;
  waitingForExternalReady(waiting: boolean): void;
  supportedEnergyTransferModes(modes: readonly types.iso15118.EnergyTransferMode[]): void;
  ready(): void;
  /** A token that the car has presented. */
  token(token: types.authorization.ProvidedIdToken): void;
  /** For programs outside the mesh: a topic below the EVSE's own, and its text. */
  external(topic: string, text: string): void;
  /** A row of the session log. */
  logRow(row: { origin: LogOrigin; message: string }): void;
}

/** Everything that an EVSE needs of the world. */
export interface EvsePorts {
  readonly moduleId: string;
  readonly config: EvseConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly store: Store;
  /** The run of the manager that this module belongs to, where it is known. */
  readonly run: string | undefined;
  /** A file for signs of life; undefined: none are left. */
  readonly markFile: string | undefined;
  readonly sessionLogRoot: string;
  readonly board: BoardPort & {
    setOverCurrentLimit(limitA: number): void;
    switchThreePhases(threePhases: boolean): void;
  };
  readonly lock: LockPort | undefined;
  /** Undefined where cars charge by control pilot alone. */
  readonly carLink: { readonly slac: SlacPort | undefined; readonly hlc: HlcPort } | undefined;
  readonly billingMeter: MeterPort | undefined;
  readonly keyValue: KeyValuePort | undefined;
  readonly ownFaults: OwnFaultPort;
  readonly publish: EvsePublisher;
  /** All errors that are active at the peers and at the EVSE itself. */
  activeErrors(): readonly MeshError[];
}
