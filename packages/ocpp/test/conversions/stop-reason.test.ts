import { loadContracts } from '@chargemesh/contracts';
import { expect, test } from '@jest/globals';
import { stopReasonFromEvse, stopReasonToEvse } from '../../src/conversions/stop-reason.ts';

const evseReasons = loadContracts().types('evse_manager').types.StopTransactionReason?.enum as string[];
const ocppReasons = [
  'DeAuthorized',
  'EmergencyStop',
  'EVDisconnected',
  'HardReset',
  'Local',
  'Other',
  'PowerLoss',
  'Reboot',
  'Remote',
  'SoftReset',
  'UnlockCommand',
] as const;

test('each reason of the EVSE has one in OCPP: its own name where there is one, Other else', () => {
  expect(evseReasons.length).toBeGreaterThan(20);
  for (const reason of evseReasons) {
    const expected = (ocppReasons as readonly string[]).includes(reason) ? reason : 'Other';
    expect(stopReasonFromEvse(reason as 'Local')).toBe(expected);
  }
  expect(stopReasonFromEvse(undefined)).toBe('Other');
});

test('each reason of OCPP is one of the EVSE’s, and comes back as it was', () => {
  for (const reason of ocppReasons) {
    expect(evseReasons).toContain(stopReasonToEvse(reason));
    expect(stopReasonFromEvse(stopReasonToEvse(reason))).toBe(reason);
  }
});
