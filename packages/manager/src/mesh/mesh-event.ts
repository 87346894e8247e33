/** What befalls a mesh as a whole. */
export type MeshEvent =
  /** Modules are started: at first, and once more when all are started anew. */
  | { readonly kind: 'starting' }
  /** All are ready but some that somebody else starts. Said once a start. */
  | { readonly kind: 'waitingForStandalone'; readonly missing: readonly string[] }
  /** All are ready and were told so. Said again when one has left and returned. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'restarting'; readonly reason: string }
  /** A module ended without having been asked to; it is started again. */
  | { readonly kind: 'died'; readonly moduleId: string; readonly reason: string };

/** How a mesh is to end. */
export interface StopOptions {
  /** Tells modules that somebody else started to end as well. */
  readonly tellStandalone?: boolean;
  /** Leaves what modules fetch at their start on an outside broker. */
  readonly keepDefinitions?: boolean;
}
