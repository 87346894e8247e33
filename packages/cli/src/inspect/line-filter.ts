import type { BusLine } from './bus-line.ts';

/** Which messages are to be seen; what is left out lets everything through. */
export interface LineFilter {
  /** This module, as caller or as called. */
  readonly module?: string;
  /** Messages of implementations of this interface. */
  readonly interface?: string;
  /** Messages of modules at this EVSE. */
  readonly evse?: number;
  /** Without what repeats every second: energy, meters, the simulator's own topics. */
  readonly noEnergy?: boolean;
}

/** What a filter has to know of the mesh. */
export interface MeshIndex {
  /** The interface of an implementation. */
  interfaceOf(moduleId: string, implementation: string): string | undefined;
  evseOf(moduleId: string): number | undefined;
}

const REPEATING = new Set([
  'energy_flow_request',
  'enforce_limits',
  'enforced_limits',
  'powermeter',
  'limits',
  'telemetry',
  'ev_info',
  'temperatures',
  'rcd_current_mA',
  'bsp_measurement',
]);

/** Whether a message is to be seen. */
export function passes(line: BusLine, filter: LineFilter, index: MeshIndex): boolean {
  if (filter.noEnergy && repeats(line)) return false;
  const parties = partiesOf(line);
  if (filter.module !== undefined && !parties.includes(filter.module)) return false;
  if (filter.evse !== undefined && !parties.some((id) => index.evseOf(id) === filter.evse)) return false;
  if (filter.interface !== undefined) {
    if (!('implementation' in line)) return false;
    return index.interfaceOf(line.moduleId, line.implementation) === filter.interface;
  }
  return true;
}

function repeats(line: BusLine): boolean {
  switch (line.kind) {
    case 'variable':
      return REPEATING.has(line.variable);
    case 'call':
    case 'answer':
      return REPEATING.has(line.command);
    case 'external':
      return line.topic.includes('everest_external/nodered/') || line.topic.startsWith('/external/');
    case 'mesh':
      return line.what === 'status';
    case 'error':
    case 'unreadable':
      return false;
  }
}

function partiesOf(line: BusLine): string[] {
  switch (line.kind) {
    case 'call':
      return [line.from, line.moduleId];
    case 'answer':
      return [line.to, line.moduleId];
    case 'variable':
    case 'error':
      return [line.moduleId];
    case 'mesh':
      return line.moduleId === undefined ? [] : [line.moduleId];
    case 'external':
    case 'unreadable':
      return [];
  }
}
