/** What happened to a module that a host runs. */
export type HostEvent =
  /** It is gone without having been asked to go. */
  { readonly kind: 'died'; readonly moduleId: string; readonly reason: string; readonly pid?: number };

/** Runs modules: in this process, or in processes of their own. */
export interface ModuleHost {
  /** Resolves when the module was set up (in this process) or spawned. @throws ChargemeshError where that failed */
  start(moduleId: string): Promise<void>;
  /** Stops one, even while it starts; does nothing where it does not run. */
  stop(moduleId: string): Promise<void>;
  /** Ends at once, without asking, whatever still runs. */
  kill(): void;
}

/** Whether all modules stopped by themselves, or had to be ended. */
export type StopOutcome = 'clean' | 'forced';
