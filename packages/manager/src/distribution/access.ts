import type { ConfiguredModule } from '../config/mesh-configuration.ts';

/** What one module may do with the configuration of another; with its own it may do everything. */
export interface Rights {
  readonly read: boolean;
  readonly write: boolean;
  /** May set parameters that are read-only for others. */
  readonly setReadOnly: boolean;
}

/** @see reference bus.md 1.5, access rule */
export function rightsOf({ id, access }: ConfiguredModule, moduleId: string): Rights {
  if (id === moduleId) return { read: true, write: true, setReadOnly: access?.allowSetReadOnly ?? false };
  const rights = access?.modules[moduleId];
  return {
    read: access?.allowGlobalRead === true || rights?.allowRead === true,
    write: access?.allowGlobalWrite === true || rights?.allowWrite === true,
    setReadOnly: access?.allowSetReadOnly === true || rights?.allowSetReadOnly === true,
  };
}
