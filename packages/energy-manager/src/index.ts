export { isLower, LimitDistributor, type LimitDistributorOptions } from './limit-distributor.ts';
export { EnergyManagerModule } from './module.ts';
export { type EnergyManagerConfig, EnergyTrader } from './trade/energy-trader.ts';
export { hasPriority, TradingLoop, type TradingLoopOptions } from './trading-loop.ts';
