import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { createFrameValidator } from '../../src/schemas/frame-validator.ts';

const ids: readonly string[] = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('ocpp-rpc/lib/schemas/ocpp1_6.json'), 'utf8'),
).map(({ $id }: { $id: string }) => $id);

const profile = (limit: unknown): object => ({
  connectorId: 1,
  csChargingProfiles: {
    chargingProfileId: 1,
    stackLevel: 0,
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingProfileKind: 'Absolute',
    chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
  },
});

describe('FrameValidator', () => {
  test('knows the 39 actions of OCPP 1.6 and its security whitepaper, and compiles all their schemas', () => {
    const validator = createFrameValidator();
    const actions = new Set(ids.map((id) => /^urn:(\w+)\./.exec(id)?.[1] ?? ''));
    expect(actions.size).toBe(39);
    for (const action of actions) {
      expect(validator.isAction(action)).toBe(true);
      expect(validator.request(action, 'no object')).toMatchObject([{ path: '', rule: 'type' }]);
      expect(validator.response(action, 'no object')).toMatchObject([{ path: '', rule: 'type' }]);
    }
  });

  test('a number that is too large for any is no integer', () => {
    const payload: unknown = JSON.parse('{"transactionId":1e999}');
    expect(createFrameValidator().request('RemoteStopTransaction', payload)).toMatchObject([
      { path: '/transactionId', rule: 'type' },
    ]);
  });

  test.each([
    [2 ** 53 - 1, []],
    [2 ** 53, [{ path: '/transactionId', rule: 'maximum' }]],
    [-(2 ** 53), [{ path: '/transactionId', rule: 'minimum' }]],
  ])('an integer beyond what can be kept exactly is refused: %d', (transactionId, faults) => {
    const answer = { transactionId, idTagInfo: { status: 'Accepted' } };
    expect(createFrameValidator().response('StartTransaction', answer)).toMatchObject(faults);
    expect(createFrameValidator().request('RemoteStopTransaction', { transactionId })).toMatchObject(faults);
  });

  test('knows no other actions', () => {
    const validator = createFrameValidator();
    for (const name of ['NotifyEvent', 'heartbeat', '', 'toString', '__proto__'])
      expect(validator.isAction(name)).toBe(false);
  });

  test('lists all faults with path, rule and words', () => {
    const payload = { chargePointVendor: '', chargePointModel: 'x'.repeat(21), iccid: 7 };
    expect(createFrameValidator().request('BootNotification', payload)).toEqual([
      { path: '/chargePointModel', rule: 'maxLength', message: 'must NOT have more than 20 characters' },
      { path: '/iccid', rule: 'type', message: 'must be string' },
    ]);
    expect(createFrameValidator().request('Reset', {})).toEqual([
      { path: '/type', rule: 'required', message: 'is missing' },
    ]);
    expect(createFrameValidator().request('Reset', { type: 'Warm' })).toEqual([
      { path: '/type', rule: 'enum', message: 'must be one of Hard, Soft' },
    ]);
  });

  test('evcc-32170: 20 characters of a model are taken, 21 are not', () => {
    const validator = createFrameValidator();
    const boot = (length: number) => ({ chargePointVendor: 'V', chargePointModel: 'm'.repeat(length) });
    expect(validator.request('BootNotification', boot(20))).toEqual([]);
    expect(validator.request('BootNotification', boot(21))).toHaveLength(1);
  });

  test('ocpp-514: an idTag has 20 characters, not 20 UTF-16 units', () => {
    const validator = createFrameValidator();
    expect(validator.request('Authorize', { idTag: '🔌'.repeat(20) })).toEqual([]);
    expect(validator.request('Authorize', { idTag: '🔌'.repeat(21) })).toHaveLength(1);
  });

  test('citrineos-core-959: limits of one decimal are taken, all of them, and of two are not', () => {
    const validator = createFrameValidator();
    for (let tenths = 0; tenths <= 4000; tenths++)
      expect(validator.request('SetChargingProfile', profile(tenths / 10))).toEqual([]);
    expect(validator.request('SetChargingProfile', profile(6.25))).toMatchObject([{ rule: 'multipleOf' }]);
  });

  test('rust-ocpp-27: a transaction id is an integer', () => {
    const validator = createFrameValidator();
    for (const transactionId of [0, -7, 2_147_483_647])
      expect(validator.request('RemoteStopTransaction', { transactionId })).toEqual([]);
    for (const transactionId of ['4711', 4711.5, null])
      expect(validator.request('RemoteStopTransaction', { transactionId })).toMatchObject([
        { path: '/transactionId', rule: 'type' },
      ]);
  });

  test('overlooks properties that it does not know, and tells of them', () => {
    const extras: string[] = [];
    const validator = createFrameValidator({ onExtra: (action, path) => extras.push(`${action} ${path}`) });
    expect(validator.request('Reset', { type: 'Soft', vendor: { x: 1 } })).toEqual([]);
    expect(extras).toEqual(['Reset /vendor']);
    expect(validator.request('Reset', { type: 'Warm', vendor: 1 })).toMatchObject([{ rule: 'enum' }]);
  });

  test('strict: properties that it does not know are faults', () => {
    expect(createFrameValidator({ strict: true }).request('Reset', { type: 'Soft', vendor: 1 })).toEqual([
      { path: '/vendor', rule: 'additionalProperties', message: 'is not known' },
    ]);
  });

  test('evcc-10399: takes times of every form that can be read, and names one that cannot', () => {
    const validator = createFrameValidator();
    for (const currentTime of ['2024-06-01T14:05:12', '2024-06-01T14:05:12.123456+00:00', '2024-06-01t14:05:12z'])
      expect(validator.response('Heartbeat', { currentTime })).toEqual([]);
    expect(validator.response('Heartbeat', { currentTime: 'noon' })).toEqual([
      { path: '/currentTime', rule: 'format', message: 'is no time' },
    ]);
  });

  test('strict: a time needs its zone, an address its scheme', () => {
    const validator = createFrameValidator({ strict: true });
    expect(validator.response('Heartbeat', { currentTime: '2024-06-01T14:05:12' })).toMatchObject([{ rule: 'format' }]);
    expect(validator.response('Heartbeat', { currentTime: '2024-06-01T14:05:12.000Z' })).toEqual([]);
    expect(validator.request('GetDiagnostics', { location: 'C:\\firmware\\new' })).toMatchObject([{ rule: 'format' }]);
    expect(validator.request('GetDiagnostics', { location: 'ftp://u%40x:p%23@host/f' })).toEqual([]);
  });

  test('openevse-792: an address that is none is the business of who uses it', () => {
    const update = { location: 'C:\\firmware\\new', retrieveDate: '2024-06-01T14:05:12Z' };
    expect(createFrameValidator().request('UpdateFirmware', update)).toEqual([]);
  });

  test('resolves the references inside a schema', () => {
    const certificateHashData = { hashAlgorithm: 'MD5', issuerNameHash: '', issuerKeyHash: '', serialNumber: '' };
    expect(createFrameValidator().request('DeleteCertificate', { certificateHashData })).toMatchObject([
      { path: '/certificateHashData/hashAlgorithm', rule: 'enum' },
    ]);
  });
});
