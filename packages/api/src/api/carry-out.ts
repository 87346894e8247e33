import type { types } from '@chargemesh/contracts';
import type { ApiCommand } from './api-command.ts';
import { externalLimits } from './external-limits.ts';

/** What commands act on. */
export interface EvsePorts {
  enableDisable(connectorId: number, source: types.evse_manager.EnableDisableSource): Promise<unknown>;
  pause(): Promise<unknown>;
  resume(): Promise<unknown>;
  stop(reason: types.evse_manager.StopTransactionReason): Promise<unknown>;
  unlock(connectorId: number): Promise<unknown>;
  /** undefined where no energy node of the EVSE is connected */
  readonly limit: ((limits: types.energy.ExternalLimits) => Promise<unknown>) | undefined;
  /** undefined where no random delay of the EVSE is connected */
  readonly delay:
    | { command(what: 'enable' | 'disable' | 'cancel'): Promise<unknown>; longest(seconds: number): Promise<unknown> }
    | undefined;
}

/**
 * Does what a program outside wants.
 * @param timestamp of now
 * @throws RangeError where nothing is connected that could do it, and what the calls throw
 */
export async function carryOut(command: ApiCommand, evse: EvsePorts, timestamp: string): Promise<void> {
  switch (command.kind) {
    case 'enable or disable':
      await evse.enableDisable(command.connectorId, command.source);
      return;
    case 'pause':
      await evse.pause();
      return;
    case 'resume':
      await evse.resume();
      return;
    case 'stop':
      await evse.stop('Local');
      return;
    case 'unlock':
      await evse.stop('UnlockCommand');
      await evse.unlock(command.connectorId);
      return;
    case 'limit':
      if (!evse.limit) throw new RangeError('no energy node is connected for this EVSE (evse_energy_sink)');
      await evse.limit(externalLimits(command.limit, timestamp));
      return;
    case 'random delay':
    case 'longest random delay':
      if (!evse.delay) throw new RangeError('no random delay is connected for this EVSE (random_delay)');
      if (command.kind === 'random delay') await evse.delay.command(command.what);
      else await evse.delay.longest(command.seconds);
      return;
  }
}
