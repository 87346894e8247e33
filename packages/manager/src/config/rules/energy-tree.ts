import type { Findings } from '../findings.ts';
import type { RawModule } from '../raw-configuration.ts';

/** Finds energy nodes that are fed by what they feed: such a ring is no part of a tree, and gets no energy. */
export function checkEnergyTree(findings: Findings, modules: Readonly<Record<string, RawModule>>): void {
  const consumers = (id: string): readonly string[] =>
    modules[id]?.module === 'EnergyNode'
      ? (modules[id].connections?.energy_consumer ?? []).map(({ module_id }) => module_id)
      : [];
  for (const id of Object.keys(modules)) {
    const fed = consumers(id);
    const index = fed.findIndex((consumer) => reaches(consumer, id, consumers));
    if (index < 0) continue;
    const consumer = fed[index];
    findings.report({
      code: 'CONFIG_ENERGY_LOOP',
      path: ['active_modules', id, 'connections', 'energy_consumer', index, 'module_id'],
      message: consumer === id ? `${id} is its own consumer` : `${id} feeds ${consumer}, which feeds ${id} again`,
      remedy: 'energy flows as a tree, from the EnergyManager down',
    });
  }
}

function reaches(from: string, target: string, next: (id: string) => readonly string[]): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === target) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...next(id));
  }
  return false;
}
