/** One step of a JSON patch; only `replace` is used. */
export interface Patch {
  readonly op: 'replace';
  readonly path: string;
  readonly value: unknown;
}

/** A copy of a JSON document with members replaced. */
export function applyPatches<T>(document: T, patches: readonly Patch[]): T {
  const copy = structuredClone(document);
  for (const { path, value } of patches) {
    const keys = path.split('/').slice(1);
    const last = keys.pop();
    let at = copy as Record<string, unknown>;
    for (const key of keys) at = at[key] as Record<string, unknown>;
    if (last === undefined || !(last in at)) throw new Error(`nothing to replace at ${path}`);
    at[last] = value;
  }
  return copy;
}
