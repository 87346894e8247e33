import { defineModule, type Module, type ModuleDefinition, type ModuleHooks } from '@chargemesh/framework';
import { SlacMatching } from './slac-matching.ts';

/** The two ends of a power line link between EVSE and car. */
export const SlacSimulatorModule: ModuleDefinition = defineModule('SlacSimulator', setUp);

function setUp(module: Module<'SlacSimulator'>): ModuleHooks {
  const evse = module.provide('evse');
  const ev = module.provide('ev');
  const matching = new SlacMatching(module.clock, {
    state: (side, state) => (side === 'evse' ? evse.publish('state', state) : ev.publish('state', state)),
    dlinkReady: (side, ready) =>
      side === 'evse' ? evse.publish('dlink_ready', ready) : ev.publish('dlink_ready', ready),
  });
  const leave = (): null => {
    matching.leave('evse');
    return null;
  };
  evse.implement({
    reset: leave,
    enter_bcd: () => {
      matching.look('evse');
      return null;
    },
    leave_bcd: leave,
    dlink_terminate: leave,
    dlink_error: leave,
    dlink_pause: () => null,
  });
  ev.implement({
    reset: () => {
      matching.leave('ev');
      return null;
    },
    trigger_matching: () => {
      matching.look('ev');
      return true;
    },
  });
  return { shutdown: () => matching.stop() };
}
