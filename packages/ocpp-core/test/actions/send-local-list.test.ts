import { parseTimestamp } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import { TokenTable } from '../../src/authorization/token-table.ts';
import type { IdTagInfo } from '../../src/index.ts';
import { ask, booted } from '../support/ask.ts';
import { Bench, type Sections } from '../support/bench.ts';

const accepted: IdTagInfo = { status: 'Accepted' };
const failed = { status: 'Failed' };
const mismatch = { status: 'VersionMismatch' };

/** A station that decides by its list where it can, with room for 5 entries, 3 of which fit one request. */
async function bench(more: Sections = {}): Promise<Bench> {
  const station = new Bench({
    sections: {
      Core: {
        LocalPreAuthorize: true,
        LocalAuthorizeOffline: true,
        SupportedFeatureProfiles: 'Core,LocalAuthListManagement',
        ...more.Core,
      },
      LocalAuthListManagement: {
        LocalAuthListEnabled: true,
        LocalAuthListMaxLength: 5,
        SendLocalListMaxLength: 3,
        ...more.LocalAuthListManagement,
      },
    },
  });
  await booted(station);
  station.csms.on('Authorize', { idTagInfo: { status: 'Invalid' } });
  return station;
}

type Entries = readonly { readonly idTag: string; readonly idTagInfo?: IdTagInfo }[];

function entries(...idTags: string[]): Entries {
  return idTags.map((idTag) => ({ idTag, idTagInfo: accepted }));
}

function send(
  on: Bench,
  updateType: 'Full' | 'Differential',
  listVersion: number,
  localAuthorizationList?: Entries,
): Promise<unknown> {
  return ask(on, 'SendLocalList', {
    updateType,
    listVersion,
    ...(localAuthorizationList && { localAuthorizationList }),
  });
}

async function version(on: Bench): Promise<unknown> {
  return ask(on, 'GetLocalListVersion');
}

/** Who is in the list, by what the list says of these. */
async function listed(on: Bench, ...idTags: string[]): Promise<string[]> {
  const said: string[] = [];
  for (const idTag of idTags) {
    const result = on.chargePoint.validateToken(idTag);
    await on.clock.advance(1);
    const { source, status } = await result;
    if (source === 'localList') said.push(`${idTag} ${status}`);
  }
  return said;
}

describe('Full', () => {
  test('replaces the list and its version, by a lower one too', async () => {
    using on = await bench();
    expect(await version(on)).toEqual({ listVersion: 0 });
    expect(await send(on, 'Full', 7, entries('A', 'B'))).toEqual({ status: 'Accepted' });
    expect(await version(on)).toEqual({ listVersion: 7 });
    expect(await send(on, 'Full', 3, entries('B', 'C'))).toEqual({ status: 'Accepted' });
    expect(await version(on)).toEqual({ listVersion: 3 });
    expect(await listed(on, 'A', 'B', 'C')).toEqual(['B Accepted', 'C Accepted']);
  });

  test.each([[undefined], [[]]])('with the list %j empties it, and an empty list has version 0', async (none) => {
    using on = await bench();
    await send(on, 'Full', 7, entries('A'));
    expect(await send(on, 'Full', 8, none)).toEqual({ status: 'Accepted' });
    expect(await version(on)).toEqual({ listVersion: 0 });
    expect(await listed(on, 'A')).toEqual([]);
    expect(await send(on, 'Differential', 1, entries('A'))).toEqual({ status: 'Accepted' });
  });

  test('Java-OCA-OCPP-201: with version 0', async () => {
    using on = await bench();
    expect(await send(on, 'Full', 0, entries('A'))).toEqual({ status: 'Accepted' });
    expect(await version(on)).toEqual({ listVersion: 0 });
    expect(await listed(on, 'A')).toEqual(['A Accepted']);
  });

  test('an entry without idTagInfo is not in it', async () => {
    using on = await bench();
    expect(await send(on, 'Full', 1, [...entries('A'), { idTag: 'B' }])).toEqual({ status: 'Accepted' });
    expect(await listed(on, 'A', 'B')).toEqual(['A Accepted']);
  });

  test('takes all that an entry can say', async () => {
    using on = await bench();
    const expiryDate = '2026-06-01T00:00:00+02:00';
    await send(on, 'Full', 1, [
      { idTag: 'A', idTagInfo: { status: 'Accepted', expiryDate, parentIdTag: 'FAMILY' } },
      { idTag: 'B', idTagInfo: { status: 'Blocked' } },
    ]);
    const result = on.chargePoint.validateToken('a');
    await on.clock.advance(1);
    expect(await result).toEqual({
      status: 'Accepted',
      source: 'localList',
      parentIdTag: 'FAMILY',
      expiryMs: parseTimestamp('2026-05-31T22:00:00Z'),
    });
    expect(await listed(on, 'B')).toEqual(['B Blocked']);
  });
});

describe('Differential', () => {
  test('adds, changes and deletes; the rest stays', async () => {
    using on = await bench();
    await send(on, 'Full', 1, entries('A', 'B', 'C'));
    const changes = [{ idTag: 'a', idTagInfo: { status: 'Blocked' } as const }, { idTag: 'B' }, ...entries('D')];
    expect(await send(on, 'Differential', 2, changes)).toEqual({ status: 'Accepted' });
    expect(await version(on)).toEqual({ listVersion: 2 });
    expect(await listed(on, 'A', 'B', 'C', 'D')).toEqual(['A Blocked', 'C Accepted', 'D Accepted']);
  });

  test.each([2, 1, 0])('libocpp-497: version %i is not above 2 and changes nothing', async (old) => {
    using on = await bench();
    await send(on, 'Full', 2, entries('A'));
    expect(await send(on, 'Differential', old, [{ idTag: 'A' }, ...entries('B')])).toEqual(mismatch);
    expect(await version(on)).toEqual({ listVersion: 2 });
    expect(await listed(on, 'A', 'B')).toEqual(['A Accepted']);
  });

  test('libocpp-497: to a list that was never sent', async () => {
    using on = await bench();
    expect(await send(on, 'Differential', 0, entries('A'))).toEqual(mismatch);
    expect(await send(on, 'Differential', 1, entries('A'))).toEqual({ status: 'Accepted' });
    expect(await version(on)).toEqual({ listVersion: 1 });
  });

  test.each([[undefined], [[]]])('with the list %j moves the version alone', async (none) => {
    using on = await bench();
    await send(on, 'Full', 1, entries('A'));
    expect(await send(on, 'Differential', 2, none)).toEqual({ status: 'Accepted' });
    expect(await version(on)).toEqual({ listVersion: 2 });
    expect(await listed(on, 'A')).toEqual(['A Accepted']);
    expect(await send(on, 'Differential', 2, none)).toEqual(mismatch);
  });

  test('that deletes the last one leaves version 0', async () => {
    using on = await bench();
    await send(on, 'Full', 1, entries('A'));
    expect(await send(on, 'Differential', 2, [{ idTag: 'a' }])).toEqual({ status: 'Accepted' });
    expect(await version(on)).toEqual({ listVersion: 0 });
  });

  test('deletes who is not there without complaint', async () => {
    using on = await bench();
    await send(on, 'Full', 1, entries('A'));
    expect(await send(on, 'Differential', 2, [{ idTag: 'Z' }])).toEqual({ status: 'Accepted' });
  });
});

describe('limits', () => {
  test.each(['Full', 'Differential'] as const)('SendLocalListMaxLength: %s with one entry too many', async (type) => {
    using on = await bench();
    expect(await send(on, type, 1, entries('A', 'B', 'C', 'D'))).toEqual(failed);
    expect(await version(on)).toEqual({ listVersion: 0 });
    expect(await send(on, type, 1, entries('A', 'B', 'C'))).toEqual({ status: 'Accepted' });
  });

  test('LocalAuthListMaxLength: what would not fit changes nothing', async () => {
    using on = await bench();
    await send(on, 'Full', 1, entries('A', 'B', 'C'));
    expect(await send(on, 'Differential', 2, entries('D', 'E', 'F'))).toEqual(failed);
    expect(await version(on)).toEqual({ listVersion: 1 });
    expect(await listed(on, 'C', 'D')).toEqual(['C Accepted']);
    // One goes, three come: five.
    expect(await send(on, 'Differential', 2, [{ idTag: 'A' }, ...entries('D', 'E')])).toEqual({ status: 'Accepted' });
    expect(await send(on, 'Differential', 3, entries('F'))).toEqual({ status: 'Accepted' });
    expect(await send(on, 'Differential', 4, entries('G'))).toEqual(failed);
  });

  test('LocalAuthListMaxLength: a Full list that would not fit leaves the old one', async () => {
    using on = await bench({ LocalAuthListManagement: { LocalAuthListMaxLength: 2 } });
    await send(on, 'Full', 1, entries('A', 'B'));
    expect(await send(on, 'Full', 2, entries('C', 'D', 'E'))).toEqual(failed);
    expect(await version(on)).toEqual({ listVersion: 1 });
    expect(await listed(on, 'A', 'C')).toEqual(['A Accepted']);
  });

  test('the same idTag twice, in any case, is one entry, and the last one counts', async () => {
    using on = await bench({ LocalAuthListManagement: { LocalAuthListMaxLength: 1 } });
    const twice = [...entries('tag'), { idTag: 'TAG', idTagInfo: { status: 'Blocked' } as const }];
    expect(await send(on, 'Full', 1, twice)).toEqual({ status: 'Accepted' });
    expect(await listed(on, 'Tag')).toEqual(['Tag Blocked']);
    expect(await send(on, 'Differential', 2, [...entries('tag'), { idTag: 'TAG' }])).toEqual({ status: 'Accepted' });
    expect(await listed(on, 'Tag')).toEqual([]);
  });

  test.each(['Full', 'Differential'] as const)('%s: a version below 0 is none', async (type) => {
    using on = await bench();
    expect(await send(on, type, -1, entries('A'))).toEqual(failed);
    expect(await version(on)).toEqual({ listVersion: 0 });
  });
});

describe('requests that are refused as such change nothing', () => {
  test.each<[string, object]>([
    ['an idTag of 21 characters', { idTag: 'x'.repeat(21), idTagInfo: accepted }],
    ['a parentIdTag of 21 characters', { idTag: 'B', idTagInfo: { ...accepted, parentIdTag: 'x'.repeat(21) } }],
    ['a status that OCPP does not know', { idTag: 'B', idTagInfo: { status: 'Welcome' } }],
    ['an expiryDate that is no date', { idTag: 'B', idTagInfo: { ...accepted, expiryDate: '2026-02-30T25:00:00Z' } }],
  ])('%s', async (_, entry) => {
    using on = await bench();
    await send(on, 'Full', 1, entries('A'));
    const request = {
      updateType: 'Full',
      listVersion: 2,
      localAuthorizationList: [{ idTag: 'C', idTagInfo: accepted }, entry],
    };
    expect(await ask(on, 'SendLocalList', request)).toEqual([expect.stringMatching(/Violation$/), expect.anything()]);
    expect(await version(on)).toEqual({ listVersion: 1 });
    expect(await listed(on, 'A', 'C')).toEqual(['A Accepted']);
  });

  test('20 characters are counted as code points', async () => {
    using on = await bench();
    expect(await send(on, 'Full', 1, entries('🔌'.repeat(20)))).toEqual({ status: 'Accepted' });
  });
});

describe('where the list is off', () => {
  test.each<[string, Sections]>([
    ['by LocalAuthListEnabled', { LocalAuthListManagement: { LocalAuthListEnabled: false } }],
    ['by SupportedFeatureProfiles', { Core: { SupportedFeatureProfiles: 'Core' } }],
  ])('%s', async (_, sections) => {
    using on = await bench(sections);
    new TokenTable(on.store, 'AUTH_LIST').put('A', accepted);
    expect(await send(on, 'Full', 1, entries('A'))).toEqual({ status: 'NotSupported' });
    expect(await version(on)).toEqual({ listVersion: -1 });
    expect(await listed(on, 'A')).toEqual([]);
  });

  test('LocalAuthListEnabled counts from the moment at which it is set, and the list is kept meanwhile', async () => {
    using on = await bench();
    await send(on, 'Full', 4, entries('A'));
    const set = (value: string): Promise<unknown> =>
      ask(on, 'ChangeConfiguration', { key: 'LocalAuthListEnabled', value });
    expect(await set('false')).toEqual({ status: 'Accepted' });
    expect([await version(on), await listed(on, 'A')]).toEqual([{ listVersion: -1 }, []]);
    expect(await send(on, 'Full', 5, entries('B'))).toEqual({ status: 'NotSupported' });
    expect(await set('true')).toEqual({ status: 'Accepted' });
    expect([await version(on), await listed(on, 'A', 'B')]).toEqual([{ listVersion: 4 }, ['A Accepted']]);
  });
});

test('libocpp-497: list and version outlast the power', async () => {
  using on = await bench();
  await send(on, 'Full', 4, entries('A'));
  on.kill();
  await on.start();
  expect([await version(on), await listed(on, 'A')]).toEqual([{ listVersion: 4 }, ['A Accepted']]);
  expect(await send(on, 'Differential', 4, entries('B'))).toEqual(mismatch);
});

test('the cache forgets who comes into the list, so that it lets nobody in whom the list has dropped', async () => {
  using on = await bench();
  const cache = new TokenTable(on.store, 'AUTH_CACHE');
  cache.put('A', accepted);
  cache.put('B', accepted);
  await send(on, 'Full', 1, entries('a'));
  await send(on, 'Differential', 2, [{ idTag: 'A' }]);
  expect([cache.get('A', 0), cache.get('B', 0)]).toEqual([undefined, accepted]);
});

describe('on a disk that fails', () => {
  test('Failed, and nothing has changed', async () => {
    using on = await bench();
    await send(on, 'Full', 1, entries('A'));
    on.store.exec(
      "CREATE TRIGGER T BEFORE INSERT ON AUTH_LIST WHEN NEW.ID_TAG = 'c' BEGIN SELECT RAISE(ABORT, 'x'); END",
    );
    expect(await send(on, 'Full', 2, entries('B', 'C'))).toEqual(failed);
    expect(await version(on)).toEqual({ listVersion: 1 });
    expect(await listed(on, 'A', 'B')).toEqual(['A Accepted']);
  });

  test('GetLocalListVersion is answered InternalError', async () => {
    using on = await bench();
    on.store.exec('DROP TABLE AUTH_LIST');
    expect(await version(on)).toEqual(['InternalError', expect.anything()]);
  });
});
