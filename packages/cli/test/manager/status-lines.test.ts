import { expect, test } from '@jest/globals';
import { StatusLines } from '../../src/manager/status-lines.ts';

function listen(tellsCrashes = false): { status: StatusLines; lines: string[] } {
  const lines: string[] = [];
  return { status: new StatusLines({ say: (line) => lines.push(line) }, { tellsCrashes }), lines };
}

test('a start with a module that somebody else starts, and an end by signal', () => {
  const { status, lines } = listen();
  status.initializing();
  status.meshEvent({ kind: 'starting' });
  status.meshEvent({ kind: 'waitingForStandalone', missing: ['probe'] });
  status.meshEvent({ kind: 'ready' });
  status.signal();
  status.stopping();
  status.stopped('clean');
  status.exiting();
  expect(lines).toEqual([
    'MANAGER_INITIALIZING',
    'MANAGER_STARTING_MODULES',
    'WAITING_FOR_STANDALONE_MODULES',
    'MANAGER_RUNNING',
    'ALL_MODULES_STARTED',
    'SIGINT_RECEIVED',
    'MANAGER_SHUTDOWN_REQUESTED',
    'ALL_MODULES_STOPPED_CLEAN',
    'MANAGER_SHUTDOWN_FINALIZING',
    'MANAGER_EXITING',
  ]);
});

test('modules that die are told where that is asked for, three times at most', () => {
  const silent = listen(false);
  const told = listen(true);
  for (const { status } of [silent, told])
    for (let count = 0; count < 4; count++) status.meshEvent({ kind: 'died', moduleId: 'ocpp', reason: 'a test' });
  expect(silent.lines).toEqual([]);
  expect(told.lines).toEqual([
    'CRASH_RECOVERY_ATTEMPT:1/3',
    'CRASH_RECOVERY_ATTEMPT:2/3',
    'CRASH_RECOVERY_ATTEMPT:3/3',
  ]);
  told.status.failing();
  expect(told.lines.slice(3)).toEqual(['CRASH_RECOVERY_EXHAUSTED', 'MANAGER_CRASH_SHUTDOWN_IN_PROGRESS']);
});

test('modules that had to be ended are told', () => {
  const { status, lines } = listen();
  status.stopped('forced');
  expect(lines).toEqual(['MANAGER_FORCE_TERMINATING', 'FORCE_SHUTDOWN_TIMEOUT', 'MANAGER_SHUTDOWN_FINALIZING']);
});
