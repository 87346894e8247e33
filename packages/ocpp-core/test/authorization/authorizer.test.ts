import { parseTimestamp } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import { TokenTable } from '../../src/authorization/token-table.ts';
import type { IdTagInfo } from '../../src/index.ts';
import { Bench } from '../support/bench.ts';

/** A station whose cache or list knows a token. */
async function withToken(
  table: 'AUTH_CACHE' | 'AUTH_LIST',
  info: IdTagInfo,
  core: Record<string, unknown>,
  online: boolean,
): Promise<Bench> {
  const bench = new Bench({
    sections: {
      Core: {
        AllowOfflineTxForUnknownId: false,
        SupportedFeatureProfiles: 'Core,LocalAuthListManagement',
        ...core,
      },
      LocalAuthListManagement: { LocalAuthListEnabled: true, LocalAuthListMaxLength: 42, SendLocalListMaxLength: 42 },
    },
  });
  new TokenTable(bench.store, table).put('Known', info);
  bench.csms.reachable = online;
  await bench.start();
  bench.csms.on('Authorize', { idTagInfo: { status: 'ConcurrentTx' } });
  return bench;
}

async function validate(bench: Bench, idTag: string): Promise<unknown> {
  const result = bench.chargePoint.validateToken(idTag);
  await bench.clock.advance(1);
  return result;
}

describe('the CSMS decides', () => {
  test.each(['Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx'])('%s is what it said', async (status) => {
    using bench = new Bench();
    await bench.start();
    bench.csms.on('Authorize', {
      idTagInfo: { status, parentIdTag: 'P', expiryDate: '2027-01-01T00:00:00+01:00' },
    });
    expect(await validate(bench, 'TAG1')).toEqual({
      status,
      parentIdTag: 'P',
      expiryMs: parseTimestamp('2026-12-31T23:00:00Z'),
      source: 'csms',
    });
    expect(bench.csms.payloads('Authorize')).toEqual([{ idTag: 'TAG1' }]);
  });

  test('a CALLERROR is Invalid', async () => {
    using bench = new Bench();
    await bench.start();
    bench.csms.on('Authorize', { error: 'InternalError' });
    expect(await validate(bench, 'TAG1')).toEqual({ status: 'Invalid', source: 'csms' });
  });

  test('no answer counts as offline', async () => {
    using bench = new Bench();
    await bench.start();
    bench.csms.on('Authorize', 'silence');
    const result = bench.chargePoint.validateToken('TAG1');
    await bench.clock.advance(61_000);
    expect(await result).toEqual({ status: 'Accepted', source: 'offline' });
  });

  test('the link breaks before the answer: that counts as offline', async () => {
    using bench = new Bench({ sections: { Core: { AllowOfflineTxForUnknownId: false } } });
    await bench.start();
    bench.csms.on('Authorize', 'silence');
    const result = bench.chargePoint.validateToken('TAG1');
    await bench.clock.advance(1);
    bench.csms.drop();
    expect(await result).toEqual({ status: 'Invalid', source: 'offline' });
  });

  test.each(['silence', 'a broken link'])('asked in vain (%s), the local list decides as if offline', async (how) => {
    const core = { LocalAuthorizeOffline: true, AllowOfflineTxForUnknownId: false };
    using bench = await withToken('AUTH_LIST', { status: 'Accepted', parentIdTag: 'P' }, core, true);
    bench.csms.on('Authorize', 'silence');
    const known = bench.chargePoint.validateToken('Known');
    await bench.clock.advance(1);
    if (how === 'silence') await bench.clock.advance(61_000);
    else bench.csms.drop();
    expect(await known).toEqual({ status: 'Accepted', parentIdTag: 'P', source: 'localList' });
  });

  test('before the boot is accepted nobody is asked', async () => {
    const core = { LocalAuthorizeOffline: true, AllowOfflineTxForUnknownId: false };
    using bench = await withToken('AUTH_LIST', { status: 'Blocked' }, core, false);
    bench.csms.on('BootNotification', { status: 'Pending', currentTime: '2026-01-01T00:00:00Z', interval: 600 });
    bench.csms.reachable = true;
    await bench.clock.advance(60_000);
    expect(await validate(bench, 'Known')).toMatchObject({ status: 'Blocked', source: 'localList' });
    expect(await validate(bench, 'Stranger')).toMatchObject({ status: 'Invalid', source: 'offline' });
    expect(bench.csms.payloads('Authorize')).toEqual([]);
  });

  test('offline it is not asked later, QueueAllMessages or not', async () => {
    using bench = new Bench({ sections: { Internal: { QueueAllMessages: true } } });
    bench.csms.reachable = false;
    await bench.start();
    expect(await validate(bench, 'TAG1')).toEqual({ status: 'Accepted', source: 'offline' });
    bench.csms.reachable = true;
    await bench.clock.advance(30_000);
    expect(bench.csms.payloads('Authorize')).toEqual([]);
  });

  test('ocpp-514: an idTag has 20 characters at most, counted as code points', async () => {
    using bench = new Bench();
    await bench.start();
    expect(await validate(bench, 'x'.repeat(21))).toEqual({ status: 'Unknown', source: 'none' });
    expect(await validate(bench, '')).toEqual({ status: 'Unknown', source: 'none' });
    expect(bench.csms.payloads('Authorize')).toEqual([]);
    expect(await validate(bench, '🔌'.repeat(20))).toMatchObject({ status: 'Accepted' });
  });
});

describe('libocpp-496: local decisions depend on the flag of the present state alone', () => {
  test.each([
    { pre: true, off: false, online: true, source: 'localList' },
    { pre: false, off: true, online: true, source: 'csms' },
    { pre: true, off: false, online: false, source: 'offline' },
    { pre: false, off: true, online: false, source: 'localList' },
  ])(
    'LocalPreAuthorize $pre, LocalAuthorizeOffline $off, online $online: $source',
    async ({ pre, off, online, source }) => {
      const core = { LocalPreAuthorize: pre, LocalAuthorizeOffline: off };
      using bench = await withToken('AUTH_LIST', { status: 'Accepted' }, core, online);
      expect(await validate(bench, 'Known')).toMatchObject({ source });
    },
  );
});

describe('the local list', () => {
  test.each(['Blocked', 'Expired', 'Invalid'] as const)('%s is final', async (status) => {
    using bench = await withToken('AUTH_LIST', { status }, { LocalPreAuthorize: true }, true);
    expect(await validate(bench, 'Known')).toMatchObject({ status, source: 'localList' });
    expect(bench.csms.payloads('Authorize')).toEqual([]);
  });

  test('EVerest-566: case does not matter, whatever the letters', async () => {
    using bench = await withToken('AUTH_LIST', { status: 'Accepted' }, { LocalPreAuthorize: true }, true);
    new TokenTable(bench.store, 'AUTH_LIST').put('istanbul', { status: 'Blocked' });
    expect(await validate(bench, 'KNOWN')).toMatchObject({ source: 'localList' });
    expect(await validate(bench, 'ISTANBUL')).toMatchObject({ status: 'Blocked' });
    bench.csms.on('Authorize', { idTagInfo: { status: 'Accepted' } });
    await validate(bench, 'MixedCase');
    expect(bench.csms.payloads('Authorize')).toEqual([{ idTag: 'MixedCase' }]);
  });
});

describe('the cache', () => {
  test('answers with what the CSMS said before, while that is good', async () => {
    using bench = new Bench({ sections: { Core: { LocalPreAuthorize: true } } });
    await bench.start();
    const expiryDate = '2026-01-01T01:00:00.000Z';
    bench.csms.on('Authorize', { idTagInfo: { status: 'Accepted', parentIdTag: 'P', expiryDate } });
    await validate(bench, 'TAG1');
    expect(await validate(bench, 'tag1')).toMatchObject({ status: 'Accepted', parentIdTag: 'P', source: 'cache' });
    await bench.clock.advance(3_600_000);
    expect(await validate(bench, 'TAG1')).toMatchObject({ source: 'csms' });
    expect(bench.csms.payloads('Authorize')).toHaveLength(2);
  });

  test('learns from StartTransaction and StopTransaction too', async () => {
    using bench = new Bench({ sections: { Core: { LocalPreAuthorize: true } } });
    await bench.start();
    bench.csms.on('StopTransaction', { idTagInfo: { status: 'Blocked' } });
    const id = bench.begin();
    await bench.clock.advance(1000);
    expect(await validate(bench, 'TAG1')).toMatchObject({ status: 'Accepted', source: 'cache' });
    bench.end(id, 1, { idTag: 'OTHER' });
    await bench.clock.advance(1000);
    expect(bench.row("SELECT AUTH_STATUS FROM AUTH_CACHE WHERE ID_TAG = 'other'")).toEqual({ AUTH_STATUS: 'Blocked' });
  });

  test.each(['AUTH_LIST', 'AUTH_CACHE'] as const)('%s on a disk that fails knows nobody', async (table) => {
    using bench = await withToken(table, { status: 'Accepted' }, { LocalPreAuthorize: true }, true);
    bench.store.exec(`DROP TABLE ${table}; CREATE TABLE ${table} (ID_TAG TEXT PRIMARY KEY, AUTH_STATUS TEXT,
      EXPIRY_DATE_MS INTEGER, PARENT_ID_TAG TEXT, CHECK (ID_TAG <> 'known'));
      INSERT INTO ${table} VALUES ('expired', 'Accepted', 0, NULL);
      CREATE TRIGGER FULL BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
    bench.csms.on('Authorize', { error: 'InternalError' });
    expect(await validate(bench, 'Expired')).toEqual({ status: 'Invalid', source: 'csms' });
  });

  test('what the CSMS says counts, though the disk does not take it', async () => {
    using bench = await withToken('AUTH_CACHE', { status: 'Accepted' }, {}, true);
    bench.store.exec("CREATE TRIGGER FULL BEFORE INSERT ON AUTH_CACHE BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    bench.csms.on('Authorize', { idTagInfo: { status: 'Accepted' } });
    let said: unknown;
    void bench.chargePoint.validateToken('New').then((result) => {
      said = result;
    });
    await bench.clock.advance(120_000);
    expect(said).toEqual({ status: 'Accepted', source: 'csms' });
  });

  test('keeps nothing of a token that the local list has', async () => {
    using bench = await withToken('AUTH_LIST', { status: 'Blocked' }, {}, true);
    bench.csms.on('Authorize', { idTagInfo: { status: 'Accepted' } });
    await validate(bench, 'KNOWN');
    await validate(bench, 'OTHER');
    const cache = new TokenTable(bench.store, 'AUTH_CACHE');
    expect([cache.get('Known', 0), cache.get('Other', 0)]).toEqual([undefined, { status: 'Accepted' }]);
  });

  test('online a refused token is asked about again', async () => {
    using bench = await withToken('AUTH_CACHE', { status: 'Blocked' }, { LocalPreAuthorize: true }, true);
    expect(await validate(bench, 'Known')).toMatchObject({ status: 'ConcurrentTx', source: 'csms' });
  });

  test('offline a refused token is not "unknown"', async () => {
    const core = { LocalAuthorizeOffline: true, AllowOfflineTxForUnknownId: true };
    using bench = await withToken('AUTH_CACHE', { status: 'Blocked' }, core, false);
    expect(await validate(bench, 'Known')).toMatchObject({ status: 'Blocked', source: 'cache' });
    expect(await validate(bench, 'Stranger')).toMatchObject({ status: 'Accepted', source: 'offline' });
  });

  test('is not asked while switched off', async () => {
    const core = { LocalPreAuthorize: true, AuthorizationCacheEnabled: false };
    using bench = await withToken('AUTH_CACHE', { status: 'Accepted' }, core, true);
    expect(await validate(bench, 'Known')).toMatchObject({ source: 'csms' });
  });
});
