import { expect, test } from '@jest/globals';
import { injectableErrors, readInjection } from '../../src/yeti-simulator/error-injection.ts';

test.each([
  ['MREC6UnderVoltage', 'board_support', 'evse_board_support/MREC6UnderVoltage'],
  ['DiodeFault', 'board_support', 'evse_board_support/DiodeFault'],
  ['ac_rcd_DC', 'board_support', 'ac_rcd/DC'],
  ['lock_ConnectorLockFailedUnlock', 'connector_lock', 'connector_lock/ConnectorLockFailedUnlock'],
  ['lock_FailedUnlock', 'connector_lock', 'connector_lock/ConnectorLockFailedUnlock'],
  ['lock_MREC1ConnectorLockFailure', 'connector_lock', 'connector_lock/MREC1ConnectorLockFailure'],
  ['powermeter/CommunicationFault', 'powermeter', 'powermeter/CommunicationFault'],
  ['ac_rcd/Selftest', 'board_support', 'ac_rcd/Selftest'],
])('%s is raised by %s as %s', (name, target, type) => {
  expect(injectableErrors.get(name)).toEqual({ target, type });
});

test.each([...injectableErrors])('%s can be raised and cleared', (name, error) => {
  const text = (raise: string): string => JSON.stringify({ error_type: name, raise });
  expect(readInjection(text('true'))).toEqual({ error, raise: true });
  expect(readInjection(text('false'))).toEqual({ error, raise: false });
});

test('reads raise as text and as a boolean', () => {
  const error = { target: 'board_support', type: 'ac_rcd/DC' };
  expect(readInjection('{"error_type": "ac_rcd_DC", "raise": "true"}')).toEqual({ error, raise: true });
  expect(readInjection('{"error_type": "ac_rcd_DC", "raise": false}')).toEqual({ error, raise: false });
});

test.each([
  ['no JSON', '{"error_type": '],
  ['lacks', '{"error_type": "DiodeFault"}'],
  ['lacks', '7'],
  ['neither', '{"error_type": "DiodeFault", "raise": "yes"}'],
  ['Inoperative', '{"error_type": "Inoperative", "raise": "true"}'],
])('says why a message is of no use: %s', (reason, payload) => {
  const injection = readInjection(payload);
  expect('problem' in injection ? injection.problem : '').toContain(reason);
});
