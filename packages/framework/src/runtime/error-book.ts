import type { ErrorListener, ErrorView, MeshError } from '../module/mesh-error.ts';

/** Errors that are active at some place, by (type, sub type, origin), and those who want to hear of changes. */
export class ErrorBook implements ErrorView<string> {
  readonly #active = new Map<string, MeshError>();
  readonly #listeners = new Set<Partial<ErrorListener>>();

  active(): readonly MeshError[] {
    return [...this.#active.values()];
  }

  isActive(type: string, subType?: string): boolean {
    for (const error of this.#active.values())
      if (error.type === type && (subType === undefined || error.sub_type === subType)) return true;
    return false;
  }

  listen(listener: Partial<ErrorListener>): void {
    this.#listeners.add(listener);
    for (const error of this.active()) listener.raised?.(error);
  }

  /** Takes note of a raise or a clear, as `error.state` says. @returns whether it was news */
  note(error: MeshError): boolean {
    const key = keyOf(error);
    if (error.state === 'Active') {
      if (this.#active.has(key)) return false;
      this.#active.set(key, error);
      for (const listener of this.#listeners) listener.raised?.(error);
      return true;
    }
    if (!this.#active.delete(key)) return false;
    for (const listener of this.#listeners) listener.cleared?.(error);
    return true;
  }

  /** Takes over the full list of one implementation: raises what is new in it, clears what is missing. */
  replace(moduleId: string, implementationId: string, errors: readonly MeshError[]): void {
    const keys = new Set(errors.map(keyOf));
    for (const known of this.active()) {
      const { module_id, implementation_id } = known.origin;
      if (module_id === moduleId && implementation_id === implementationId && !keys.has(keyOf(known)))
        this.note({ ...known, state: 'ClearedByModule' });
    }
    for (const error of errors) this.note(error);
  }
}

function keyOf({ type, sub_type, origin }: MeshError): string {
  return [type, sub_type, origin.module_id, origin.implementation_id].join('\n');
}
