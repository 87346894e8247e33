import type { MeshError } from '@chargemesh/framework';
import { describe, expect, test } from '@jest/globals';
import { causesOf, inoperativeReport, shutdownFor } from '../../src/errors/inoperative.ts';

const error = (type: string, more: Partial<MeshError> = {}): MeshError => ({
  type,
  sub_type: '',
  message: '',
  description: '',
  severity: 'High',
  state: 'Active',
  origin: { module_id: 'board', implementation_id: 'board_support' },
  vendor_id: 'acme',
  uuid: '',
  timestamp: '',
  ...more,
});

describe('the causes', () => {
  test('leave out what is harmless', () => {
    const errors = [
      'evse_manager/Inoperative',
      'evse_board_support/MREC3HighTemperature',
      'evse_board_support/MREC18CableOverTempDerate',
      'evse_board_support/VendorWarning',
      'powermeter/VendorWarning',
      'evse_board_support/VendorError',
    ].map((type) => error(type));
    expect(causesOf(errors).map(({ type }) => type)).toEqual(['evse_board_support/VendorError']);
  });

  test('stop charging as gravely as the gravest of them', () => {
    expect(shutdownFor([])).toBe('none');
    expect(shutdownFor([error('a/B', { severity: 'Medium' }), error('a/C', { severity: 'Low' })])).toBe('error');
    expect(shutdownFor([error('a/B', { severity: 'Low' }), error('a/C')])).toBe('emergency');
  });

  test('are named in one error, the first one first', () => {
    const causes = [error('evse_board_support/MREC14PilotFault'), error('ac_rcd/DC', { sub_type: 'x' })];
    expect(inoperativeReport(causes, false)).toEqual({
      type: 'evse_manager/Inoperative',
      message: 'evse_board_support/MREC14PilotFault',
      description: 'MREC14PilotFault,DC/x',
      severity: 'High',
      vendorId: 'EVerest',
    });
    expect(inoperativeReport(causes, true).vendorId).toBe('acme');
  });
});
