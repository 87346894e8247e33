import { describe, expect, test } from '@jest/globals';
import { Connector } from '../../src/connectors/connector.ts';
import type { ConnectorError } from '../../src/index.ts';

const warning: ConnectorError = {
  id: 'w',
  errorCode: 'UnderVoltage',
  fault: false,
  timestampMs: 10,
  vendorId: 'https://chargex.inl.gov',
  vendorErrorCode: 'CX006',
};
const fault: ConnectorError = {
  id: 'f',
  errorCode: 'OtherError',
  fault: true,
  timestampMs: 20,
  info: 'caused_by:evse_board_support/MREC6UnderVoltage',
  vendorId: 'EVerest',
  vendorErrorCode: 'MREC6UnderVoltage',
};

describe('transitions', () => {
  test('say their reason once', () => {
    const connector = new Connector(1, 'Available');
    expect(connector.apply('usageInitiated', 'EVConnected')).toEqual({
      status: 'Preparing',
      errorCode: 'NoError',
      info: 'EVConnected',
    });
    expect(connector.current()).toEqual({ status: 'Preparing', errorCode: 'NoError' });
  });

  test('that a state does not know are ignored', () => {
    const connector = new Connector(1, 'Finishing');
    expect(connector.apply('startCharging')).toBeUndefined();
    expect(connector.state).toBe('Finishing');
  });

  test('to the same state are told only for another reason', () => {
    const connector = new Connector(1, 'Charging');
    connector.apply('pauseEvse');
    expect(connector.apply('pauseEvse')).toBeUndefined();
    expect(connector.apply('pauseEvse', 'SwitchingPhases')).toMatchObject({ info: 'SwitchingPhases' });
    expect(connector.current(true)).toMatchObject({ status: 'SuspendedEVSE', info: 'SwitchingPhases' });
  });
});

describe('errors', () => {
  test('a warning goes with the present status and stays with the next', () => {
    const connector = new Connector(1, 'Charging');
    const told = { errorCode: 'UnderVoltage', vendorId: 'https://chargex.inl.gov', vendorErrorCode: 'CX006' };
    expect(connector.raise(warning)).toEqual({ status: 'Charging', ...told });
    expect(connector.raise(warning)).toBeUndefined();
    expect(connector.apply('pauseEv')).toEqual({ status: 'SuspendedEV', ...told });
  });

  test('a fault hides what happens below it, until the last one clears', () => {
    const connector = new Connector(1, 'Charging');
    expect(connector.raise(fault)).toMatchObject({ status: 'Faulted', errorCode: 'OtherError', info: fault.info });
    expect(connector.apply('pauseEvse')).toBeUndefined();
    expect(connector.raise(warning)).toMatchObject({ status: 'Faulted', errorCode: 'UnderVoltage' });
    expect(connector.raise({ ...fault, id: 'f2' })).toMatchObject({ status: 'Faulted' });
    expect(connector.clear('f', false)).toBeUndefined();
    expect(connector.clear('f2', false)).toMatchObject({ status: 'SuspendedEVSE', errorCode: 'UnderVoltage' });
    expect(connector.clear('w', false)).toEqual({ status: 'SuspendedEVSE', errorCode: 'NoError' });
    expect(connector.clear('w', false)).toBeUndefined();
  });

  test('the newest by its own time is the one that is told', () => {
    const connector = new Connector(1, 'Available');
    connector.raise({ ...warning, id: 'new', timestampMs: 99, errorCode: 'HighTemperature' });
    connector.raise(warning);
    expect(connector.current().errorCode).toBe('HighTemperature');
  });

  test('of the same moment is told as the fault that it is, in whatever order they came; of equals the last one', () => {
    const cause = { ...warning, timestampMs: fault.timestampMs };
    for (const order of [
      [cause, fault],
      [fault, cause],
    ]) {
      const connector = new Connector(1, 'Available');
      for (const error of order) connector.raise(error);
      expect(connector.current()).toMatchObject({ status: 'Faulted', info: fault.info });
    }
    const connector = new Connector(1, 'Available');
    connector.raise(cause);
    connector.raise({ ...cause, id: 'w2', errorCode: 'HighTemperature' });
    expect(connector.current().errorCode).toBe('HighTemperature');
  });

  test('ReportClearedErrors tells each clearing and what cleared', () => {
    const connector = new Connector(1, 'Available');
    connector.raise(fault);
    connector.raise(warning);
    expect(connector.clear('w', true)).toEqual({
      status: 'Faulted',
      errorCode: 'OtherError',
      info: 'CX006 resolved',
      vendorId: 'https://chargex.inl.gov',
      vendorErrorCode: 'CX006',
    });
    expect(connector.clear('f', true)).toMatchObject({ status: 'Available', errorCode: 'NoError' });
  });

  test('long texts are cut, not refused', () => {
    const connector = new Connector(1, 'Available');
    const long = { info: 'i'.repeat(60), vendorId: 'v'.repeat(300), vendorErrorCode: 'c'.repeat(60) };
    const report = connector.raise({ ...warning, ...long });
    expect([report?.info?.length, report?.vendorId?.length, report?.vendorErrorCode?.length]).toEqual([50, 255, 50]);
  });
});

test('the station is available or not, and nothing else', () => {
  const station = new Connector(0, 'Available');
  expect(station.apply('usageInitiated')).toBeUndefined();
  expect(station.apply('toUnavailable')).toEqual({ status: 'Unavailable', errorCode: 'NoError' });
});
