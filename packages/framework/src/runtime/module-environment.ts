import type { Clock, Logger, Random } from '@chargemesh/base';
import type { Contracts } from '@chargemesh/contracts';
import type { Bus } from '../bus/bus.ts';
import type { Topics } from '../wire/topics.ts';
import type { WrapStore } from './wrap-store.ts';

/** What a module needs to run, whatever process it is in. */
export interface ModuleEnvironment {
  readonly bus: Bus;
  readonly topics: Topics;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly contracts: Contracts;
  /** The mesh's state folder; the module's own is below it. `:memory:` keeps databases in memory, for tests. */
  readonly stateDir: string;
  readonly searchPaths: readonly string[];
  readonly runOptions: Readonly<Record<string, string>>;
  /** Whether the mesh's settings ask for telemetry. */
  readonly telemetryEnabled: boolean;
  /** Stands between the module and each of its databases, for tests. */
  readonly wrapStore?: WrapStore | undefined;
  /**
   * Called once the module has stopped and holds nothing any more, whoever told it to; with what its `ready` threw, where it stopped
   * because of that.
   */
  readonly onStopped?: (failure?: unknown) => void;
  /** Aborted when the module is to vanish as a killed process does: no shutdown, no good-bye, its files closed. */
  readonly killed?: AbortSignal;
}
