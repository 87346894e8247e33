import type { Clock } from '@chargemesh/base';
import type { Topics } from '@chargemesh/framework';
import type { EvseActivity, StationLayout } from '@chargemesh/manager';
import type { OracleFinding } from '../oracles/oracle.ts';
import type { MomentSource } from './moment.ts';
import type { TrialCsms } from './trial-csms.ts';

/** A message on the bus of a mesh. */
export interface SeenMessage {
  readonly topic: string;
  readonly payload: string;
  readonly retained: boolean;
  /** On the monotonic axis of the world's clock. */
  readonly atMs: number;
}

/** What an EVSE of the world is doing. */
export type EvseView = EvseActivity & { readonly evse: number };

/** What can be killed or started anew: `broker`, `manager`, or a module by its id. */
export type Victim = string;

/** How the link between the station and its CSMS may be. */
export type LinkState =
  /** As it should be: whatever was done to it is undone. */
  | { readonly kind: 'restored' }
  /** Broken, and nobody answers until it is restored. */
  | { readonly kind: 'cut' }
  /** Broken once; the station may come again at once. */
  | { readonly kind: 'dropped' }
  /** Open, but nothing comes through and nobody says so. */
  | { readonly kind: 'half-open' }
  /** Each new connection, and in virtual time each frame, takes so long. */
  | { readonly kind: 'slow'; readonly delayMs: number };

/** A session event that was written into the journal of an EVSE. */
export interface JournaledEvent {
  readonly moduleId: string;
  readonly number: number;
  readonly event: Readonly<Record<string, unknown>>;
}

/** What a world sees of its station from within. */
export interface Witness {
  /** All that the EVSEs ever committed to tell. */
  events(): readonly JournaledEvent[];
}

/** A station with its CSMS, on trial: in virtual time in this process, or in real time in processes of its own. */
export interface World {
  readonly clock: Clock;
  readonly csms: TrialCsms;
  /** The station's id at its CSMS. */
  readonly station: string;
  readonly layout: StationLayout;
  readonly topics: Topics;
  /** How much later than it happened something may be seen here, in ms; 0 in virtual time. */
  readonly slackMs: number;
  /** Where faults can be had to strike, in a world that knows those moments. */
  readonly moments?: MomentSource;
  readonly witness?: Witness;
  /** Starts the mesh. Resolves when all its modules are ready. @throws ChargemeshError where it does not come up */
  start(): Promise<void>;
  /**
   * Starts a mesh that is gone, as often as it takes, while somebody else lets time pass. Does nothing where there is one.
   */
  startAgain(): Promise<void>;
  /** Stops it in order and leaves nothing behind. */
  stop(): Promise<void>;
  /** Publishes for a program outside of the mesh, below the external prefix. */
  publish(topic: string, payload: string): Promise<void>;
  /** Hears every message, from the start on. */
  onMessage(listener: (message: SeenMessage) => void): void;
  evses(): Promise<readonly EvseView[]>;
  /** What nobody may see happen: told before it was committed, a module given up, an error that nobody caught. */
  findings(): readonly OracleFinding[];
  /** Lets time pass until something holds. @returns whether it did, in time */
  until(condition: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean>;
  /** Lets time pass until this is settled. @throws whatever it throws, or RangeError where it takes longer */
  settled<T>(work: Promise<T>, withinMs: number): Promise<T>;
  setLink(state: LinkState): Promise<void>;
  /** As SIGKILL does. What dies under a manager is started anew by it; broker and manager stay dead until {@link restart}. */
  kill(victim: Victim): Promise<void>;
  /** Stops it in order, where it still runs, and starts it. */
  restart(victim: Victim): Promise<void>;
  /** Moves the wall clock of the mesh. */
  moveWall(deltaMs: number): Promise<void>;
}
