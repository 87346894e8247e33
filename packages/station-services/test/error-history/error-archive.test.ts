import { SqliteStore } from '@chargemesh/base';
import type { MeshError } from '@chargemesh/framework';
import { expect, test } from '@jest/globals';
import { ErrorArchive, errorMigrations } from '../../src/error-history/error-archive.ts';

const error = (uuid: string, change: Partial<MeshError> = {}): MeshError => ({
  uuid,
  type: 'evse_board_support/DiodeFault',
  sub_type: '',
  message: 'Simulated fault event',
  description: 'The diode is shorted.',
  severity: 'High',
  state: 'Active',
  origin: { module_id: 'yeti', implementation_id: 'board_support' },
  vendor_id: 'everest',
  timestamp: '2026-01-01T10:00:00.000Z',
  ...change,
});

const HEARD_AT = '2026-02-02T02:02:02.000Z';
const raise = (archive: ErrorArchive, raised: MeshError): void => archive.raised(raised, HEARD_AT);

function makeArchive() {
  const archive = new ErrorArchive(new SqliteStore({ path: ':memory:', migrations: errorMigrations }));
  const uuids = (filters: Parameters<ErrorArchive['find']>[0]) => archive.find(filters).map(({ uuid }) => uuid);
  return { archive, uuids };
}

test('gives an error back as it was, without its vendor', () => {
  const { archive } = makeArchive();
  raise(archive, error('e1'));
  const { vendor_id: _, ...expected } = error('e1');
  expect(archive.find({})).toEqual([expected]);
});

test('follows an error to its end', () => {
  const { archive } = makeArchive();
  raise(archive, error('e1'));
  raise(archive, error('e2', { sub_type: 'other' }));
  archive.cleared(error('e1', { state: 'ClearedByModule' }));
  expect(archive.find({}).map(({ state }) => state)).toEqual(['ClearedByModule', 'Active']);
  archive.startAnew();
  expect(archive.find({}).map(({ state }) => state)).toEqual(['ClearedByModule', 'ClearedByReboot']);
});

test('an error that lives on when only the history was restarted is active again', () => {
  const { archive, uuids } = makeArchive();
  raise(archive, error('e1'));
  archive.startAnew();
  raise(archive, error('e1'));
  expect(uuids({ state_filter: 'Active' })).toEqual(['e1']);
});

test('clears by what an error is, where a peer gives the end another id', () => {
  const { archive, uuids } = makeArchive();
  raise(archive, error('e1'));
  raise(archive, error('e2', { origin: { module_id: 'yeti_2', implementation_id: 'board_support' } }));
  archive.cleared(error('another'));
  expect(uuids({ state_filter: 'Active' })).toEqual(['e2']);
});

test('filters, all of them together', () => {
  const { archive, uuids } = makeArchive();
  raise(archive, error('low', { severity: 'Low', type: 'generic/VendorWarning' }));
  raise(archive, error('medium', { severity: 'Medium', timestamp: '2026-01-02T10:00:00.000Z' }));
  raise(archive, error('high', { timestamp: '2026-01-03T10:00:00Z' }));
  archive.cleared(error('high', { type: 'none' }));
  expect(uuids({ severity_filter: 'LOW_GE' })).toEqual(['low', 'medium', 'high']);
  expect(uuids({ severity_filter: 'MEDIUM_GE' })).toEqual(['medium', 'high']);
  expect(uuids({ severity_filter: 'HIGH_GE' })).toEqual(['high']);
  expect(uuids({ type_filter: 'generic/VendorWarning' })).toEqual(['low']);
  expect(uuids({ handle_filter: 'medium' })).toEqual(['medium']);
  expect(uuids({ state_filter: 'ClearedByModule' })).toEqual(['high']);
  expect(uuids({ origin_filter: { module_id: 'yeti', implementation_id: 'powermeter' } })).toEqual([]);
  const period = { timestamp_from: '2026-01-02T10:00:00.000Z', timestamp_to: '2026-01-03T11:00:00.000+01:00' };
  expect(uuids({ timeperiod_filter: period })).toEqual(['medium', 'high']);
  expect(uuids({ timeperiod_filter: period, severity_filter: 'HIGH_GE', state_filter: 'Active' })).toEqual([]);
});

test('fills in for texts that are too short for the interface', () => {
  const { archive } = makeArchive();
  raise(archive, error('e1', { message: '', description: '-' }));
  expect(archive.find({})[0]).toMatchObject({
    message: 'evse_board_support/DiodeFault',
    description: 'evse_board_support/DiodeFault',
  });
});

test('an error without a time that can be read has the time at which it was heard of', () => {
  const { archive } = makeArchive();
  raise(archive, error('e1', { timestamp: 'yesterday' }));
  expect(archive.find({})).toMatchObject([{ timestamp: HEARD_AT }]);
});

test.each<Partial<MeshError>>([
  { uuid: '1' },
  { type: 'A' },
  { origin: { module_id: 'm', implementation_id: 'main' } },
  { origin: { module_id: 'main', implementation_id: 'm' } },
])('one that the interface cannot tell does not keep the others from being told: %j', (change) => {
  const { archive, uuids } = makeArchive();
  raise(archive, error('e1', change));
  raise(archive, error('e2'));
  expect(uuids({})).toEqual(['e2']);
});

test('each filter lets through what fits it, at its edges too', () => {
  const { archive, uuids } = makeArchive();
  raise(archive, error('early', { timestamp: '2026-01-01T00:00:00.000Z' }));
  raise(
    archive,
    error('late', { timestamp: '2026-01-02T00:00:00.000Z', origin: { module_id: 'yeti', implementation_id: 'rcd' } }),
  );
  const period = (from: string, to: string) =>
    uuids({ timeperiod_filter: { timestamp_from: `2026-01-0${from}`, timestamp_to: `2026-01-0${to}` } });
  expect(period('1T00:00:00.000Z', '2T00:00:00.000Z')).toEqual(['early', 'late']);
  expect(period('1T00:00:00.001Z', '2T00:00:00.000Z')).toEqual(['late']);
  expect(period('1T00:00:00.000Z', '1T23:59:59.999Z')).toEqual(['early']);
  expect(period('2T00:00:00.000Z', '1T00:00:00.000Z')).toEqual([]);
  expect(uuids({ origin_filter: { module_id: 'yeti', implementation_id: 'rcd' } })).toEqual(['late']);
  expect(uuids({ origin_filter: { module_id: 'other', implementation_id: 'rcd' } })).toEqual([]);
  expect(
    uuids({ handle_filter: 'late', origin_filter: { module_id: 'yeti', implementation_id: 'board_support' } }),
  ).toEqual([]);
  expect(uuids({ type_filter: 'evse_board_support' })).toEqual([]);
});
