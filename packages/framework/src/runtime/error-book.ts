import type { ErrorCondition, ErrorListener, ErrorView, MeshError } from '../module/mesh-error.ts';

/**
 * Errors that are active at some place, by (type, sub type, origin), and those who want to hear of changes. An error stands until it is
 * cleared: that the module which raised it has left does not end a fault. What it says when it is back does.
 */
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

  satisfies(...conditions: readonly ErrorCondition<string>[]): boolean {
    return conditions.every(({ type, subType, active }) => this.isActive(type, subType) === active);
  }

  listen(listener: Partial<ErrorListener>): void {
    this.#listeners.add(listener);
    for (const error of this.active()) listener.raised?.(error);
  }

  /** Takes note of a raise or a clear, as `error.state` says. @returns whether it was news */
  note(error: MeshError): boolean {
    const key = keyOf(error);
    const known = this.#active.get(key);
    if (error.state === 'Active') {
      if (known && saysTheSame(known, error)) return false;
      if (known) this.#clear(key, { ...known, state: 'ClearedByModule' });
      this.#active.set(key, error);
      for (const listener of this.#listeners) listener.raised?.(error);
      return true;
    }
    if (!known) return false;
    // Whoever heard it raised knows it by the uuid that it had then.
    this.#clear(key, { ...known, state: error.state });
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

  #clear(key: string, error: MeshError): void {
    this.#active.delete(key);
    for (const listener of this.#listeners) listener.cleared?.(error);
  }
}

/** Its module was started anew, and raises under another uuid what it had raised before: the same error, unless it tells something else. */
function saysTheSame(known: MeshError, error: MeshError): boolean {
  if (known.uuid === error.uuid) return true;
  return (['message', 'description', 'severity', 'vendor_id'] as const).every((part) => known[part] === error[part]);
}

function keyOf({ type, sub_type, origin }: MeshError): string {
  return [type, sub_type, origin.module_id, origin.implementation_id].join('\n');
}
