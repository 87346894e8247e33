/** How a module of a running mesh is doing. */
export interface ModuleState {
  readonly id: string;
  readonly name: string;
  readonly evse: number | undefined;
  /** `waiting`: nothing was heard of it yet. `gone`: it left, or its connection broke. */
  readonly state: 'waiting' | 'starting' | 'ready' | 'gone';
  readonly pid: number | undefined;
  /** How often it was started again after it died. */
  readonly restarts: number;
  /** Who starts it. */
  readonly startedBy: 'mesh' | 'somebody else';
}
