import { formatTimestamp, parseTimestamp } from '@chargemesh/base';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TokenTable } from '../../src/authorization/token-table.ts';
import type { AuthorizationResult, AuthorizationStatus, IdTagInfo } from '../../src/index.ts';
import { Bench } from '../support/bench.ts';

const YES_NO = [true, false];
const STATUSES = ['Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx'] as const;
const EXPIRIES = ['never', 'later', 'over'] as const;
/** Benches begin on 2026-01-01. */
const EXPIRY_DATES = { never: undefined, later: '2026-12-31T23:59:59.000Z', over: '2025-12-31T23:59:59.000Z' };

/** What the list or the cache holds of an idTag. */
interface Entry {
  readonly status: AuthorizationStatus;
  readonly expiry: (typeof EXPIRIES)[number];
  readonly parent: string | undefined;
}

interface Settings {
  readonly online: boolean;
  readonly pre: boolean;
  readonly offline: boolean;
  readonly unknown: boolean;
  readonly listUsed: boolean;
  readonly cacheUsed: boolean;
}

interface Cell {
  readonly list: Entry | undefined;
  readonly cache: Entry | undefined;
}

const allSettings: readonly Settings[] = YES_NO.flatMap((online) =>
  YES_NO.flatMap((pre) =>
    YES_NO.flatMap((offline) =>
      YES_NO.flatMap((unknown) =>
        YES_NO.flatMap((listUsed) =>
          YES_NO.map((cacheUsed) => ({ online, pre, offline, unknown, listUsed, cacheUsed })),
        ),
      ),
    ),
  ),
);

function entries(parent: string): readonly Entry[] {
  return STATUSES.flatMap((status) =>
    EXPIRIES.flatMap((expiry) => [undefined, parent].map((name) => ({ status, expiry, parent: name }))),
  );
}

function tellingEntries(parent: string): readonly Entry[] {
  return entries(parent).filter(
    (entry) => entry.parent !== undefined && entry.expiry === (entry.status === 'Accepted' ? entry.expiry : 'later'),
  );
}

const cells: readonly Cell[] = [
  { list: undefined, cache: undefined },
  ...entries('LISTED').map((list) => ({ list, cache: undefined })),
  ...entries('CACHED').map((cache) => ({ list: undefined, cache })),
  // Both: each status, and one whose time is over.
  ...tellingEntries('LISTED').flatMap((list) => tellingEntries('CACHED').map((cache) => ({ list, cache }))),
];

/** What the CSMS says, told from everything that list and cache can hold. */
const CSMS_INFO = { status: 'Accepted', parentIdTag: 'CSMS', expiryDate: '2030-01-01T00:00:00.000Z' } as const;

/** The rules as somebody would apply them who has the specification before him. */
function byTheBook(settings: Settings, cell: Cell): AuthorizationResult {
  const listed = settings.listUsed ? now(cell.list, 'localList') : undefined;
  const cached = settings.cacheUsed ? now(cell.cache, 'cache') : undefined;
  const csms: AuthorizationResult = {
    status: 'Accepted',
    source: 'csms',
    parentIdTag: 'CSMS',
    expiryMs: parseTimestamp(CSMS_INFO.expiryDate) ?? 0,
  };
  if (settings.online) {
    // 9.1.13: LocalPreAuthorize starts for locally authorized identifiers without asking.
    if (!settings.pre) return csms;
    // 3.5.2: the list has priority over the cache; C-90: whatever it says is final.
    if (listed) return listed;
    // C-90: of the cache only who is accepted now.
    return cached?.status === 'Accepted' ? cached : csms;
  }
  // 3.5.2 again.
  const known = listed ?? cached;
  // 9.1.12: LocalAuthorizeOffline lets the locally authorized in.
  if (known && settings.offline) return known;
  // 9.1.1: nobody else is let in, unless the unknown are;
  if (!settings.unknown) return { status: 'Invalid', source: 'offline' };
  // 3.5.4: and who is known as blocked, invalid or expired is not unknown.
  return known && known.status !== 'Accepted' ? known : { status: 'Accepted', source: 'offline' };
}

/** 3.5.3: an entry that was valid and whose time is over counts as Expired. */
function now(entry: Entry | undefined, source: 'localList' | 'cache'): AuthorizationResult | undefined {
  if (!entry) return undefined;
  const { status, expiry, parent } = entry;
  const date = EXPIRY_DATES[expiry];
  return {
    status: status === 'Accepted' && expiry === 'over' ? 'Expired' : status,
    source,
    ...(date !== undefined && { expiryMs: parseTimestamp(date) ?? 0 }),
    ...(parent !== undefined && { parentIdTag: parent }),
  };
}

function infoOf({ status, expiry, parent }: Entry): IdTagInfo {
  const expiryDate = EXPIRY_DATES[expiry];
  return {
    status,
    ...(expiryDate !== undefined && { expiryDate }),
    ...(parent !== undefined && { parentIdTag: parent }),
  };
}

function titleOf({ online, pre, offline, unknown, listUsed, cacheUsed }: Settings): string {
  const yes = (is: boolean, name: string): string => `${is ? '' : 'no '}${name}`;
  return [
    online ? 'online' : 'offline',
    yes(pre, 'LocalPreAuthorize'),
    yes(offline, 'LocalAuthorizeOffline'),
    yes(unknown, 'AllowOfflineTxForUnknownId'),
    yes(listUsed, 'LocalAuthListEnabled'),
    yes(cacheUsed, 'AuthorizationCacheEnabled'),
  ].join(', ');
}

function entryTitle(entry: Entry | undefined): string {
  return entry ? `${entry.status}, expires ${entry.expiry}, parent ${entry.parent ?? '-'}` : 'nothing';
}

function benchOf({ online, pre, offline, unknown, listUsed, cacheUsed }: Settings): Bench {
  const bench = new Bench({
    sections: {
      Core: {
        LocalPreAuthorize: pre,
        LocalAuthorizeOffline: offline,
        AllowOfflineTxForUnknownId: unknown,
        AuthorizationCacheEnabled: cacheUsed,
        SupportedFeatureProfiles: 'Core,LocalAuthListManagement',
      },
      LocalAuthListManagement: {
        LocalAuthListEnabled: listUsed,
        LocalAuthListMaxLength: 1000,
        SendLocalListMaxLength: 1000,
      },
    },
  });
  bench.csms.reachable = online;
  bench.csms.on('Authorize', { idTagInfo: CSMS_INFO });
  return bench;
}

test('the table has every combination once', () => {
  expect(allSettings).toHaveLength(64);
  expect(new Set(cells.map(({ list, cache }) => `${entryTitle(list)} | ${entryTitle(cache)}`)).size).toBe(cells.length);
  expect(cells).toHaveLength(1 + 30 + 30 + 7 * 7);
});

describe.each(allSettings.map((settings) => [titleOf(settings), settings] as const))('%s', (_, settings) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = benchOf(settings);
    const list = new TokenTable(bench.store, 'AUTH_LIST');
    const cache = new TokenTable(bench.store, 'AUTH_CACHE');
    for (const [index, cell] of cells.entries()) {
      if (cell.list) list.put(`tag-${index}`, infoOf(cell.list));
      if (cell.cache) cache.put(`tag-${index}`, infoOf(cell.cache));
    }
    await bench.start();
    expect(formatTimestamp(bench.clock.wallMs())).toMatch(/^2026-01-01/);
  });
  afterAll(() => bench[Symbol.dispose]());

  test.each(cells.map((cell, index) => [entryTitle(cell.list), entryTitle(cell.cache), cell, `TAG-${index}`] as const))(
    'list: %s; cache: %s',
    async (_list, _cache, cell, idTag) => {
      bench.csms.forget();
      const asked = bench.chargePoint.validateToken(idTag);
      await bench.clock.advance(1);
      const expected = byTheBook(settings, cell);
      expect(await asked).toEqual(expected);
      expect(bench.csms.payloads('Authorize')).toEqual(expected.source === 'csms' ? [{ idTag }] : []);
    },
  );
});
