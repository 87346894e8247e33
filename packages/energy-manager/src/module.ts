import { messageOf } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { defineModule, type ModuleDefinition } from '@chargemesh/framework';
import { isNone, LimitDistributor } from './limit-distributor.ts';
import { EnergyTrader } from './trade/energy-trader.ts';
import { chargingEvses, evsesInUse } from './trade/energy-tree.ts';
import { type TradeCause, TradingLoop } from './trading-loop.ts';

/**
 * A grant holds for ten intervals and is renewed after four: more is left then than a board waits for the sign of life of an EvseManager that
 * is started anew, so that the relay stays closed meanwhile.
 */
const RENEW_AFTER_INTERVALS = 4;

/** EVerest's EnergyManager: shares the power of the energy tree among the EVSEs. */
export const EnergyManagerModule: ModuleDefinition = defineModule('EnergyManager', (module) => {
  const { clock, log, config } = module;
  const trunk = module.one('energy_trunk');
  module.provide('main').implement({});

  const trader = new EnergyTrader(config);
  let inUse: ReadonlySet<string> = new Set();
  const distributor = new LimitDistributor({
    clock,
    log,
    // An EVSE has its module's id. One with a car may have asked, and is answered.
    wantsNothingAgain: (uuid) => inUse.has(uuid) || !module.knows(uuid),
    enforce: async (value) => {
      await trunk.call('enforce_limits', { value });
    },
  });
  const trade = async (tree: types.energy.EnergyFlowRequest, cause: TradeCause): Promise<boolean> => {
    inUse = evsesInUse(tree);
    try {
      const results = trader.trade(tree, clock.wallMs());
      if (config.debug) log.info('traded', { results });
      const charging = chargingEvses(tree);
      // What an EVSE without a car was granted may run out: it asks with priority when one comes.
      const due = cause === 'news' ? results : results.filter(({ uuid }) => inUse.has(uuid));
      await distributor.distribute(due, (uuid) => charging.has(uuid));
      return results.some(({ uuid, limits_root_side: limits }) => inUse.has(uuid) && !isNone(limits));
    } catch (thrown) {
      log.error('the energy tree could not be traded', { error: messageOf(thrown) });
      return inUse.size > 0;
    }
  };
  const intervalMs = Math.max(1, config.update_interval) * 1000;
  const loop = new TradingLoop({ clock, intervalMs, renewalMs: RENEW_AFTER_INTERVALS * intervalMs, trade });
  trunk.subscribe('energy_flow_request', (tree) => loop.receive(tree));
  trunk.onPresence((present) => {
    if (!present) loop.forget();
  });

  return {
    ready: () => loop.start(),
    shutdown: () => {
      loop.stop();
      distributor.stop();
    },
  };
});

export default EnergyManagerModule;
