/** How bad it is. High stops charging at once. */
export type Severity = 'Low' | 'Medium' | 'High';

/** Where in the station something stands. No mapping means the whole station. */
export interface Mapping {
  readonly evse: number;
  readonly connector?: number;
}

/** An error of the mesh as it travels on the bus (bus.md 1.9). Its identity within an implementation is (type, sub_type). */
export interface MeshError {
  readonly type: string;
  readonly sub_type: string;
  readonly message: string;
  readonly description: string;
  readonly severity: Severity;
  readonly state: 'Active' | 'ClearedByModule' | 'ClearedByReboot';
  readonly origin: { readonly module_id: string; readonly implementation_id: string; readonly mapping?: Mapping };
  readonly vendor_id: string;
  readonly uuid: string;
  /** UTC, milliseconds, `Z`. */
  readonly timestamp: string;
}

/** What an implementation says when it raises an error; the rest is filled in. */
export interface ErrorReport<T extends string> {
  readonly type: T;
  readonly subType?: string;
  readonly message: string;
  /** Default: the description that the contract gives the error type. */
  readonly description?: string;
  /** Default Low. */
  readonly severity?: Severity;
  /** Default `everest`, which is what consumers of EVerest's modules expect. */
  readonly vendorId?: string;
}

/** That an error is active, or is not. Without a sub type: any of its type. */
export interface ErrorCondition<T extends string> {
  readonly type: T;
  readonly subType?: string;
  readonly active: boolean;
}

/** Hears of errors. */
export interface ErrorListener {
  raised(error: MeshError): void;
  cleared(error: MeshError): void;
}

/** The errors that are active now at one place, and news of them. */
export interface ErrorView<T extends string> {
  /** Active errors, oldest first. */
  active(): readonly MeshError[];
  /** Whether that error is active; without a sub type, whether any of that type is. */
  isActive(type: T, subType?: string): boolean;
  /** Whether all of these conditions hold. */
  satisfies(...conditions: readonly ErrorCondition<T>[]): boolean;
  /** Hears of each raise and clear from now on. Errors that are active already are reported as raised at once. */
  listen(listener: Partial<ErrorListener>): void;
}
