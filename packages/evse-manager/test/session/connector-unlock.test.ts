import { VirtualClock } from '@chargemesh/base';
import type { MeshError } from '@chargemesh/framework';
import { expect, test } from '@jest/globals';
import { ConnectorUnlock } from '../../src/session/connector-unlock.ts';

function connectorUnlock(options: { hasLock?: boolean; errors?: readonly MeshError[] } = {}) {
  const clock = new VirtualClock();
  const state = { relayOpen: true, stopped: 0, unlocked: 0 };
  const unlock = new ConnectorUnlock({
    clock,
    hasLock: options.hasLock ?? true,
    stopTransaction: () => state.stopped++,
    unlock: async () => {
      if (state.relayOpen) state.unlocked++;
      return state.relayOpen;
    },
    activeErrors: () => options.errors ?? [],
  });
  return { clock, state, unlock };
}

test('without a lock, or for another connector, nothing is done', async () => {
  const { unlock, state } = connectorUnlock({ hasLock: false });
  expect(await unlock.force(1)).toBe(false);
  const other = connectorUnlock();
  expect(await other.unlock.force(2)).toBe(false);
  expect(state.stopped + other.state.stopped).toBe(0);
});

test('the relay is awaited before the lock is opened', async () => {
  const { unlock, state, clock } = connectorUnlock();
  state.relayOpen = false;
  const answer = unlock.force(1);
  await clock.advance(6_000);
  expect(state).toMatchObject({ stopped: 1, unlocked: 0 });
  state.relayOpen = true;
  unlock.relayOpened();
  expect(await answer).toBe(true);
  expect(state.unlocked).toBe(1);
  expect(clock.nextDueMs()).toBeUndefined();
});

test('a relay that does not open fails the unlocking', async () => {
  const { unlock, state, clock } = connectorUnlock();
  state.relayOpen = false;
  const answer = unlock.force(1);
  const failed = expect(answer).rejects.toMatchObject({ code: 'UNLOCK_FAILED' });
  await clock.advance(25_000);
  await failed;
});

test('so does a lock that reports a fault', async () => {
  const fault: MeshError = {
    type: 'connector_lock/ConnectorLockFailedUnlock',
    sub_type: '',
    message: 'stuck',
    description: '',
    severity: 'High',
    state: 'Active',
    origin: { module_id: 'board', implementation_id: 'connector_lock' },
    vendor_id: '',
    uuid: '',
    timestamp: '',
  };
  await expect(connectorUnlock({ errors: [fault] }).unlock.force(1)).rejects.toMatchObject({ code: 'UNLOCK_FAILED' });
});
