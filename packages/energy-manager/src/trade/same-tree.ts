import type { types } from '@chargemesh/contracts';

type EnergyFlowRequest = types.energy.EnergyFlowRequest;

/**
 * What of a tree decides how it is traded, as text: two trees with the same one are traded alike within the same slots. Meters count only
 * where a setpoint follows them, and such a tree is like no other: undefined.
 */
export function essenceOf(tree: EnergyFlowRequest): string | undefined {
  const parts: unknown[] = [];
  return collect(tree, parts) ? JSON.stringify(parts) : undefined;
}

function collect(node: EnergyFlowRequest, parts: unknown[]): boolean {
  if (node.schedule_setpoints.length > 0) return false;
  parts.push(
    node.uuid,
    node.node_type,
    node.evse_state,
    node.schedule_import,
    node.schedule_export,
    node.children.length,
  );
  return node.children.every((child) => collect(child, parts));
}
