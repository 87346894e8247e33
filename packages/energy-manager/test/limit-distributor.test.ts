import { silentLogger, VirtualClock } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { describe, expect, test } from '@jest/globals';
import { isLower, LimitDistributor } from '../src/limit-distributor.ts';

const limit = (uuid: string, limitA: number): types.energy.EnforcedLimits => {
  const limits = { ac_max_current_A: { value: limitA, source: 'grid' } };
  return {
    uuid,
    valid_for: 10,
    limits_root_side: limits,
    schedule: [{ timestamp: '2026-01-01T00:00:00.000Z', limits_to_root: limits }],
  };
};

class Evses {
  readonly clock = new VirtualClock();
  readonly seen: string[] = [];
  readonly warnings: string[] = [];
  readonly deaf = new Set<string>();
  readonly slow = new Set<string>();
  readonly distributor = new LimitDistributor({
    clock: this.clock,
    log: { ...silentLogger, warn: (message) => this.warnings.push(message) },
    wantsNothingAgain: (uuid) => uuid === 'stranger',
    enforce: async ({ uuid, limits_root_side: limits, schedule }) => {
      if (this.slow.has(uuid)) await this.clock.sleep(50);
      if (this.deaf.has(uuid)) throw new Error('gone');
      expect(schedule[0]?.limits_to_root).toEqual(limits);
      this.seen.push(`${uuid}=${limits.ac_max_current_A?.value}@${this.clock.monotonicMs()}`);
    },
  });

  async hand(...results: types.energy.EnforcedLimits[]): Promise<string[]> {
    this.seen.length = 0;
    const done = this.distributor.distribute(results, (uuid) => uuid === 'charging');
    await this.clock.advance(100);
    await done;
    return this.seen;
  }
}

describe('the order of limits', () => {
  test('a rise is sent only after the fall has arrived', async () => {
    const evses = new Evses();
    await evses.hand(limit('a', 6), limit('b', 32));
    evses.slow.add('b');
    expect(await evses.hand(limit('a', 20), limit('b', 20))).toEqual(['b=20@150', 'a=20@150']);
  });

  test('while a fall cannot be delivered nobody rises, and what falls still falls', async () => {
    const evses = new Evses();
    await evses.hand(limit('a', 6), limit('b', 32), limit('c', 16));
    evses.deaf.add('b');
    expect(await evses.hand(limit('a', 20), limit('b', 10), limit('c', 8))).toEqual(['c=8@100', 'a=6@100']);
    expect(evses.warnings).toHaveLength(1);
  });

  test('a distributor that was stopped lowers what it can, raises nothing and complains of nothing', async () => {
    const evses = new Evses();
    await evses.hand(limit('a', 6), limit('b', 32));
    evses.deaf.add('b');
    evses.distributor.stop();
    evses.warnings.length = 0;
    expect(await evses.hand(limit('a', 20), limit('b', 10))).toEqual([]);
    expect(evses.warnings).toEqual([]);
  });

  test('once the undelivered limit has run out the others rise', async () => {
    const evses = new Evses();
    await evses.hand(limit('a', 6), limit('b', 32));
    evses.deaf.add('b');
    await evses.clock.advance(9800);
    expect(await evses.hand(limit('a', 20), limit('b', 10))).toEqual(['a=6@9900']);
    expect(await evses.hand(limit('a', 20), limit('b', 10))).toEqual(['a=20@10000']);
  });

  test('an EVSE that never heard of a limit rises from nothing', async () => {
    const evses = new Evses();
    await evses.hand(limit('b', 32));
    evses.deaf.add('b');
    expect(await evses.hand(limit('a', 20), limit('b', 10))).toEqual(['a=0@100']);
  });

  test('after a start those that charge already come first', async () => {
    const evses = new Evses();
    expect(await evses.hand(limit('a', 20), limit('charging', 20))).toEqual(['charging=20@0', 'a=20@0']);
  });
});

describe('what is a fall', () => {
  const amps = (value: number) => ({ ac_max_current_A: { value, source: '' } });
  const watts = (value: number) => ({ total_power_W: { value, source: '' } });
  test.each([
    ['less current', amps(10), amps(16), true],
    ['as much', amps(16), amps(16), false],
    ['more', amps(16), amps(10), false],
    ['from nothing to watts', watts(5000), amps(0), false],
    ['watts where there were none', { ...amps(16), ...watts(5000) }, amps(16), true],
    ['less power at the same current', { ...amps(16), ...watts(5000) }, { ...amps(16), ...watts(6000) }, true],
    ['export instead of import', amps(-16), amps(6), true],
    ['less export', amps(-6), amps(-16), true],
    [
      'one phase instead of three',
      { ...amps(16), ac_max_phase_count: { value: 1, source: '' } },
      { ...amps(16), ac_max_phase_count: { value: 3, source: '' } },
      true,
    ],
  ])('%s', (_, now, before, expected) => {
    expect(isLower(now, before)).toBe(expected);
  });
});

test('who has nothing and is to have nothing hears of it once, unless it is one of EVerest', async () => {
  const evses = new Evses();
  const none = (uuid: string) => limit(uuid, 0);
  expect(await evses.hand(none('a'), none('stranger'))).toHaveLength(2);
  expect(await evses.hand(none('a'), none('stranger'))).toEqual(['stranger=0@100']);
  expect(await evses.hand(limit('a', 16))).toHaveLength(1);
  expect(await evses.hand(none('a'))).toHaveLength(1);
});
