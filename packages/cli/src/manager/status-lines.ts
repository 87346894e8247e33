import type { MeshEvent, StopOutcome } from '@chargemesh/manager';

/** Where lines of status go. */
export interface StatusListener {
  say(line: string): void;
}

/** The crashes that the reference recovers from before it gives up. */
const RECOVERIES = 3;

/**
 * Tells the states of the manager in the reference's words, each as it begins.
 * @see reference bus.md 2.5, 2.6
 */
export class StatusLines {
  readonly #listener: StatusListener;
  readonly #tellsCrashes: boolean;
  #crashes = 0;

  constructor(listener: StatusListener, { tellsCrashes }: { tellsCrashes: boolean }) {
    this.#listener = listener;
    this.#tellsCrashes = tellsCrashes;
  }

  initializing(): void {
    this.#say('MANAGER_INITIALIZING');
  }

  idle(): void {
    this.#say('MANAGER_IDLE');
  }

  meshEvent(event: MeshEvent): void {
    switch (event.kind) {
      case 'starting':
        this.#say('MANAGER_STARTING_MODULES');
        return;
      case 'waitingForStandalone':
        this.#say('WAITING_FOR_STANDALONE_MODULES');
        return;
      case 'ready':
        this.#say('MANAGER_RUNNING', 'ALL_MODULES_STARTED');
        return;
      case 'restarting':
        this.#say('MANAGER_RESTART_REQUESTED');
        return;
      case 'died':
        this.#crashes += 1;
        // Ours recovers from more than the reference does; its tools know these three.
        if (this.#tellsCrashes && this.#crashes <= RECOVERIES)
          this.#say(`CRASH_RECOVERY_ATTEMPT:${this.#crashes}/${RECOVERIES}`);
        return;
    }
  }

  signal(): void {
    this.#say('SIGINT_RECEIVED');
  }

  /** The mesh is asked to end. */
  stopping(): void {
    this.#say('MANAGER_SHUTDOWN_REQUESTED');
  }

  /** The mesh is started anew, from the ground up. */
  rebooting(): void {
    this.#say('MANAGER_RESTART_REQUESTED');
  }

  /** The mesh cannot go on. */
  failing(): void {
    this.#say(...(this.#tellsCrashes ? ['CRASH_RECOVERY_EXHAUSTED'] : []), 'MANAGER_CRASH_SHUTDOWN_IN_PROGRESS');
  }

  stopped(outcome: StopOutcome): void {
    if (outcome === 'clean') this.#say('ALL_MODULES_STOPPED_CLEAN');
    else this.#say('MANAGER_FORCE_TERMINATING', 'FORCE_SHUTDOWN_TIMEOUT');
    this.#say('MANAGER_SHUTDOWN_FINALIZING');
  }

  exiting(): void {
    this.#say('MANAGER_EXITING');
  }

  #say(...lines: readonly string[]): void {
    for (const line of lines) this.#listener.say(line);
  }
}
