import { messageOf } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { defineModule, type ModuleDefinition } from '@chargemesh/framework';
import { LimitDistributor } from './limit-distributor.ts';
import { EnergyTrader } from './trade/energy-trader.ts';
import { chargingEvses } from './trade/energy-tree.ts';
import { TradingLoop } from './trading-loop.ts';

/** EVerest's EnergyManager: shares the power of the energy tree among the EVSEs. */
export const EnergyManagerModule: ModuleDefinition = defineModule('EnergyManager', (module) => {
  const { clock, log, config } = module;
  const trunk = module.one('energy_trunk');
  module.provide('main').implement({});

  const trader = new EnergyTrader(config);
  const distributor = new LimitDistributor({
    clock,
    log,
    // An EVSE has its module's id.
    wantsNothingAgain: (uuid) => !module.knows(uuid),
    enforce: async (value) => {
      await trunk.call('enforce_limits', { value });
    },
  });
  const trade = async (tree: types.energy.EnergyFlowRequest): Promise<void> => {
    try {
      const results = trader.trade(tree, clock.wallMs());
      if (config.debug) log.info('traded', { results });
      const charging = chargingEvses(tree);
      await distributor.distribute(results, (uuid) => charging.has(uuid));
    } catch (thrown) {
      log.error('the energy tree could not be traded', { error: messageOf(thrown) });
    }
  };
  const loop = new TradingLoop({ clock, intervalMs: Math.max(1, config.update_interval) * 1000, trade });
  trunk.subscribe('energy_flow_request', (tree) => loop.receive(tree));

  return {
    ready: () => loop.start(),
    shutdown: () => {
      loop.stop();
      distributor.stop();
    },
  };
});

export default EnergyManagerModule;
