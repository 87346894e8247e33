import type { MeshError, Severity } from '@chargemesh/framework';
import { expect, test } from '@jest/globals';
import { FaultMonitor } from '../../src/errors/fault-monitor.ts';

const error = (type: string, severity: Severity): MeshError => ({
  type,
  sub_type: '',
  message: '',
  description: '',
  severity,
  state: 'Active',
  origin: { module_id: 'board', implementation_id: 'board_support' },
  vendor_id: '',
  uuid: '',
  timestamp: '',
});

test('each change of the causes is told anew, and charging is stopped only when it gets graver', () => {
  let active: MeshError[] = [];
  const told: string[] = [];
  const monitor = new FaultMonitor(
    { useVendorId: false },
    {
      activeErrors: () => active,
      raise: ({ description }) => told.push(`raise ${description}`),
      clear: () => told.push('clear'),
      makeSafe: (shutdown) => told.push(`safe: ${shutdown}`),
      onShutdown: (shutdown) => told.push(`charger: ${shutdown}`),
    },
  );
  const becomes = (...errors: MeshError[]) => {
    told.length = 0;
    active = errors;
    monitor.update();
    return told;
  };
  const medium = error('ac_rcd/Selftest', 'Medium');
  const other = error('ac_rcd/AC', 'Medium');
  const high = error('ac_rcd/DC', 'High');
  expect(becomes()).toEqual([]);
  expect(becomes(medium)).toEqual(['safe: error', 'raise Selftest', 'charger: error']);
  expect(becomes(medium)).toEqual([]);
  expect(becomes(medium, other)).toEqual(['clear', 'raise Selftest,AC']);
  expect(becomes(medium, high)).toEqual(['safe: emergency', 'clear', 'raise Selftest,DC', 'charger: emergency']);
  expect(becomes()).toEqual(['clear', 'charger: none']);
});
