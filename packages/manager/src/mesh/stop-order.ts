/** A module and those to whom it is connected. */
export interface Dependent {
  readonly id: string;
  readonly connections: Readonly<Record<string, readonly { readonly moduleId: string }[]>>;
}

/**
 * Groups of modules in the order in which they have to stop: who uses a module goes before it, so that an EVSE still has its board when
 * it opens the relay. Where modules use each other in a ring, the ring is broken where it is met.
 */
export function stopOrder(modules: readonly Dependent[]): string[][] {
  const byId = new Map(modules.map((module) => [module.id, module]));
  const heights = new Map<string, number>();
  const height = (id: string, path: ReadonlySet<string>): number => {
    const known = heights.get(id);
    if (known !== undefined) return known;
    const module = byId.get(id);
    if (!module || path.has(id)) return -1;
    const below = Object.values(module.connections)
      .flat()
      .map(({ moduleId }) => height(moduleId, new Set([...path, id])));
    const own = 1 + Math.max(-1, ...below);
    heights.set(id, own);
    return own;
  };
  for (const { id } of modules) height(id, new Set());
  const groups: string[][] = [];
  for (const [id, level] of heights) {
    groups[level] ??= [];
    groups[level].push(id);
  }
  return groups.filter((group) => group !== undefined).reverse();
}
