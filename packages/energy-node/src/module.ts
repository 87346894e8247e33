import { messageOf, type Timer } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { defineModule, type ModuleDefinition, RunMemory, runMemoryMigration } from '@chargemesh/framework';
import { EnergyNode } from './energy-node.ts';

/** Limits that an EVSE was given run out after this long without news, so that what it had is free for others. */
const CHILD_GONE_AFTER_MS = 10_000;
/** An EnergyNode of EVerest above passes a changed limit on with the next request that comes from below, and only then. */
const STRANGER_PERIOD_MS = 1_000;
const STRANGER_IDLE_PERIOD_MS = 60_000;
/** A child that does not answer must not keep a lower limit from its siblings for longer. */
const FORWARD_WITHIN_MS = 1_000;

/** EVerest's EnergyNode: one fuse or limit of the energy tree. */
export const EnergyNodeModule: ModuleDefinition = defineModule('EnergyNode', (module) => {
  const { clock, log } = module;
  const grid = module.provide('energy_grid');
  const external = module.provide('external_limits');
  const consumers = module.all('energy_consumer');
  const node = new EnergyNode(module.id, module.config, clock.wallMs());
  const { run } = module.runOptions;
  // Until whoever set them says the limits from outside again, the fuse alone would be too much.
  const memory =
    run === undefined
      ? undefined
      : new RunMemory<types.energy.ExternalLimits>(
          module.openStore('limits', [runMemoryMigration(1, 'external_limits')]),
          'external_limits',
          run,
        );
  const remembered = memory?.load();
  if (remembered) node.setExternalLimits(remembered, clock.wallMs());
  let changeTimer: Timer | undefined;
  const goneTimers = new Map<number, Timer>();

  let underStranger = false;
  let strangerTimer: Timer | undefined;
  const publish = (priority = false): void => {
    grid.publish('energy_flow_request', node.request(clock.wallMs(), priority));
    armStranger();
  };
  const armStranger = (): void => {
    strangerTimer?.cancel();
    const periodMs = node.isInUse ? STRANGER_PERIOD_MS : STRANGER_IDLE_PERIOD_MS;
    strangerTimer = underStranger ? clock.setTimer(periodMs, publish) : undefined;
  };
  const armNextChange = (): void => {
    changeTimer?.cancel();
    const nowMs = clock.wallMs();
    const atMs = node.nextChangeMs(nowMs);
    changeTimer = atMs === undefined ? undefined : clock.setTimer(atMs - nowMs, announceChange);
  };
  const announceChange = (): void => {
    publish(true);
    armNextChange();
  };
  const wallJumps = clock.onWallJump(announceChange);

  for (const consumer of consumers) {
    consumer.subscribe('energy_flow_request', (request) => {
      goneTimers.get(consumer.index)?.cancel();
      node.setChild(consumer.index, request);
      publish();
    });
    consumer.onPresence((present) => {
      goneTimers.get(consumer.index)?.cancel();
      if (present) return;
      const drop = (): void => {
        if (node.dropChild(consumer.index)) publish(true);
      };
      goneTimers.set(consumer.index, clock.setTimer(CHILD_GONE_AFTER_MS, drop));
    });
  }
  module.optional('powermeter')?.subscribe('powermeter', (usage) => {
    node.setUsage(usage);
    // Else it goes with the next request: nobody would do anything else because of it.
    if (node.followsMeter) publish();
  });
  module.optional('price_information')?.subscribe('energy_pricing', (prices) => {
    node.setPrices(prices);
    publish();
  });

  external.implement({
    set_external_limits: ({ value }) => {
      if (node.setExternalLimits(value, clock.wallMs())) {
        memory?.save(value);
        publish(true);
      }
      armNextChange();
      return null;
    },
  });

  const forward = async (value: types.energy.EnforcedLimits): Promise<void> => {
    const known = node.childrenWith(value.uuid);
    const receivers = known.length > 0 ? consumers.filter(({ index }) => known.includes(index)) : consumers;
    await Promise.all(
      receivers.map(async (consumer) => {
        try {
          await consumer.call('enforce_limits', { value }, { deadlineMs: FORWARD_WITHIN_MS });
        } catch (thrown) {
          // Whoever hands limits out has to know that this one did not arrive.
          if (known.includes(consumer.index)) throw thrown;
          log.debug('limits for an unknown node were not taken', { to: consumer.moduleId, error: messageOf(thrown) });
        }
      }),
    );
  };
  grid.implement({
    enforce_limits: async ({ value }, { moduleId }) => {
      if (underStranger === module.knows(moduleId)) {
        underStranger = !underStranger;
        armStranger();
      }
      if (value.uuid !== node.uuid) await forward(value);
      return null;
    },
  });

  return {
    ready: () => {
      publish();
      armNextChange();
      external.publish('capabilities', node.capabilities);
    },
    shutdown: () => {
      changeTimer?.cancel();
      strangerTimer?.cancel();
      for (const timer of goneTimers.values()) timer.cancel();
      wallJumps.cancel();
    },
  };
});

export default EnergyNodeModule;
