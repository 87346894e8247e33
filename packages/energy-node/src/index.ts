export { EnergyNode } from './energy-node.ts';
export { EnergyNodeModule } from './module.ts';
export { type EnergyNodeConfig, NodeLimits } from './node-limits.ts';
