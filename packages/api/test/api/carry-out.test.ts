import { expect, test } from '@jest/globals';
import type { ApiCommand } from '../../src/api/api-command.ts';
import { carryOut, type EvsePorts } from '../../src/api/carry-out.ts';

const timestamp = '2026-01-01T00:00:00.000Z';

function played(stopped = true) {
  const calls: unknown[] = [];
  const noting =
    (name: string, answer: unknown = null) =>
    async (...args: unknown[]) => {
      calls.push([name, ...args]);
      return answer;
    };
  const ports: EvsePorts = {
    enableDisable: noting('enable_disable'),
    pause: noting('pause'),
    resume: noting('resume'),
    stop: noting('stop', stopped),
    unlock: noting('unlock'),
    limit: noting('limit'),
    delay: { command: noting('delay'), longest: noting('longest') },
  };
  return { calls, ports };
}

test.each<[ApiCommand, unknown[]]>([
  [{ kind: 'pause' }, [['pause']]],
  [{ kind: 'resume' }, [['resume']]],
  [{ kind: 'stop' }, [['stop', 'Local']]],
  [
    { kind: 'unlock', connectorId: 1 },
    [
      ['stop', 'UnlockCommand'],
      ['unlock', 1],
    ],
  ],
  [{ kind: 'random delay', what: 'disable' }, [['delay', 'disable']]],
  [{ kind: 'longest random delay', seconds: 600 }, [['longest', 600]]],
])('%j', async (command, expected) => {
  const { calls, ports } = played();
  await carryOut(command, ports, timestamp);
  expect(calls).toEqual(expected);
});

test('unlocks where no transaction could be stopped', async () => {
  const { calls, ports } = played(false);
  await carryOut({ kind: 'unlock', connectorId: 1 }, ports, timestamp);
  expect(calls).toContainEqual(['unlock', 1]);
});

test('does not unlock under load, where the transaction was not stopped', async () => {
  const { calls, ports } = played();
  const failing = { ...ports, stop: async () => Promise.reject(new Error('the EVSE is gone')) };
  await expect(carryOut({ kind: 'unlock', connectorId: 1 }, failing, timestamp)).rejects.toThrow('gone');
  expect(calls).toEqual([]);
});

test('says what is not connected', async () => {
  const ports = { ...played().ports, limit: undefined, delay: undefined };
  const limit = { kind: 'limit', limit: { kind: 'amps', amps: 1 } } as const;
  await expect(carryOut(limit, ports, timestamp)).rejects.toThrow('evse_energy_sink');
  await expect(carryOut({ kind: 'random delay', what: 'enable' }, ports, timestamp)).rejects.toThrow('random_delay');
});
