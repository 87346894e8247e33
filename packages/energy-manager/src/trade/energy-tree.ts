import type { types } from '@chargemesh/contracts';

type EnergyFlowRequest = types.energy.EnergyFlowRequest;

/** The EVSEs of a tree with a car, which a grant must not run out for. */
export function evsesInUse(tree: EnergyFlowRequest): ReadonlySet<string> {
  return evsesWhere(tree, isInUse);
}

/** The EVSEs of a tree whose car may draw current now, or will without asking again. */
export function chargingEvses(tree: EnergyFlowRequest): ReadonlySet<string> {
  return evsesWhere(tree, draws);
}

function evsesWhere(
  tree: EnergyFlowRequest,
  matches: (state: types.energy.EvseState | undefined) => boolean,
): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: EnergyFlowRequest): void => {
    if (node.node_type === 'Evse' && matches(node.evse_state)) found.add(node.uuid);
    for (const child of node.children) visit(child);
  };
  visit(tree);
  return found;
}

function isInUse(state: types.energy.EvseState | undefined): boolean {
  switch (state) {
    case 'WaitForAuth':
    case 'WaitForEnergy':
      return true;
    default:
      return draws(state);
  }
}

function draws(state: types.energy.EvseState | undefined): boolean {
  switch (state) {
    case 'PrepareCharging':
    case 'PausedEV':
    case 'PausedEVSE':
    case 'Charging':
      return true;
    case undefined:
    case 'Unplugged':
    case 'WaitForAuth':
    case 'WaitForEnergy':
    case 'Finished':
    case 'Disabled':
      return false;
  }
}
