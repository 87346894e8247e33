import { getHeapSnapshot } from 'node:v8';

/** The kinds of nodes that a program makes; the others are the engine's own, which compiles as it goes on. */
const COUNTED: ReadonlySet<string> = new Set(['object', 'closure', 'regexp', 'bigint', 'native']);

interface Snapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: readonly string[]; readonly node_types: readonly [readonly string[]] };
  };
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
}

/** How many objects there are once all garbage is gone, by kind and class or name. */
export type HeapCensus = ReadonlyMap<string, number>;

/** Counts all objects of this process. */
export async function takeHeapCensus(): Promise<HeapCensus> {
  const chunks: Buffer[] = [];
  for await (const chunk of getHeapSnapshot()) chunks.push(chunk);
  const { snapshot, nodes, strings }: Snapshot = JSON.parse(Buffer.concat(chunks).toString());
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [typeAt, nameAt] = [fields.indexOf('type'), fields.indexOf('name')];
  const counts = new Map<string, number>();
  for (let node = 0; node < nodes.length; node += fields.length) {
    const type = types[0][nodes[node + typeAt] ?? 0] ?? '';
    if (!COUNTED.has(type)) continue;
    const name = `${type} ${strings[nodes[node + nameAt] ?? 0]?.slice(0, 60)}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Of what there are more than before, by how many. */
export function grown(before: HeapCensus, after: HeapCensus): ReadonlyMap<string, number> {
  const more = [...after].map(([name, count]): [string, number] => [name, count - (before.get(name) ?? 0)]);
  return new Map(more.filter(([, by]) => by > 0).sort(([, a], [, b]) => b - a));
}
