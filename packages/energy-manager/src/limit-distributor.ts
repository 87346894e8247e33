import { type Clock, type Logger, messageOf } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';

type EnforcedLimits = types.energy.EnforcedLimits;
type LimitsRes = types.energy.LimitsRes;

/** What the distributor needs. */
export interface LimitDistributorOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Whether an EVSE to which nothing is granted has to be told so again: those of EVerest complain else. */
  readonly wantsNothingAgain: (uuid: string) => boolean;
  /** Sends limits down the tree; resolves once their EVSE has them. */
  readonly enforce: (limits: EnforcedLimits) => Promise<void>;
}

interface Granted {
  readonly limits: LimitsRes;
  readonly untilMs: number;
}

/**
 * Hands limits out so that a shared fuse holds at every moment: a rise is offered only after the falls that make room for it have
 * arrived. While a fall cannot be delivered, nobody rises, until the limit that stands in its way has run out by itself.
 */
export class LimitDistributor {
  readonly #options: LimitDistributorOptions;
  readonly #granted = new Map<string, Granted>();
  /** To whom nothing was granted last, and who heard of it. */
  readonly #withNothing = new Set<string>();
  readonly #startedAtMs: number;
  #stopped = false;

  constructor(options: LimitDistributorOptions) {
    this.#options = options;
    this.#startedAtMs = options.clock.monotonicMs();
  }

  /**
   * @param results what each EVSE may draw
   * @param isCharging whether an EVSE is in the middle of charging: of limits that were handed out before this module started
   *   nothing is known, so those of charging EVSEs are taken for falls
   */
  async distribute(results: readonly EnforcedLimits[], isCharging: (uuid: string) => boolean): Promise<void> {
    const news = results.filter((result) => !this.#knowsThatIsNothing(result));
    const first = news.filter((result) => this.#comesFirst(result, isCharging(result.uuid)));
    const rest = news.filter((result) => !first.includes(result));
    const blocked = await this.#sendFalls(first);
    if (this.#stopped) return;
    if (blocked) this.#options.log.warn('a lower limit could not be delivered, so no limit is raised', { blocked });
    await Promise.all(
      rest.map(async (result) => {
        const sent = blocked ? this.#heldBack(result) : result;
        // It may have arrived although no answer came: count it as granted either way.
        this.#grant(sent);
        await this.#send(sent);
      }),
    );
  }

  /** Raises no limit any more, and passes over what no longer arrives. */
  stop(): void {
    this.#stopped = true;
  }

  #knowsThatIsNothing({ uuid, limits_root_side: limits }: EnforcedLimits): boolean {
    return isNone(limits) && this.#withNothing.has(uuid) && !this.#options.wantsNothingAgain(uuid);
  }

  #comesFirst(result: EnforcedLimits, charging: boolean): boolean {
    const before = this.#before(result.uuid);
    return before ? isLower(result.limits_root_side, before) : charging;
  }

  /** @returns the EVSE whose fall did not arrive, if any */
  async #sendFalls(falls: readonly EnforcedLimits[]): Promise<string | undefined> {
    const failed = await Promise.all(
      falls.map(async (result) => {
        const mayStand = this.#before(result.uuid) !== undefined || this.#isYoung(result);
        const arrived = await this.#send(result);
        if (arrived) this.#grant(result);
        return arrived || !mayStand ? undefined : result.uuid;
      }),
    );
    return failed.find((uuid) => uuid !== undefined);
  }

  async #send(limits: EnforcedLimits): Promise<boolean> {
    this.#withNothing.delete(limits.uuid);
    try {
      await this.#options.enforce(limits);
      if (isNone(limits.limits_root_side)) this.#withNothing.add(limits.uuid);
      return true;
    } catch (thrown) {
      this.#options.log.debug('limits did not arrive', { evse: limits.uuid, error: messageOf(thrown) });
      return false;
    }
  }

  #grant(result: EnforcedLimits): void {
    const untilMs = this.#options.clock.monotonicMs() + result.valid_for * 1000;
    this.#granted.set(result.uuid, { limits: result.limits_root_side, untilMs });
  }

  #before(uuid: string): LimitsRes | undefined {
    const granted = this.#granted.get(uuid);
    return granted && granted.untilMs > this.#options.clock.monotonicMs() ? granted.limits : undefined;
  }

  /** Whether limits from before this module's start may still hold. */
  #isYoung(result: EnforcedLimits): boolean {
    return this.#options.clock.monotonicMs() - this.#startedAtMs < result.valid_for * 1000;
  }

  #heldBack(result: EnforcedLimits): EnforcedLimits {
    const before = this.#before(result.uuid) ?? NONE;
    return {
      ...result,
      limits_root_side: notAbove(result.limits_root_side, before),
      schedule: result.schedule.map((entry) => ({
        ...entry,
        limits_to_root: notAbove(entry.limits_to_root, before),
      })),
    };
  }
}

const ZERO = { value: 0, source: '' };
const NONE: LimitsRes = { ac_max_current_A: ZERO, total_power_W: ZERO };
const AMOUNTS = ['ac_max_current_A', 'total_power_W'] as const;

/**
 * Whether a limit takes anything away: less current or power in either direction, fewer phases, the other direction, or a bound where
 * there was none.
 */
export function isLower(now: LimitsRes, before: LimitsRes): boolean {
  if (isNone(before)) return false;
  const changes = AMOUNTS.map((key) => change(now[key]?.value, before[key]?.value));
  if (changes.includes('fall')) return true;
  if (changes.includes('rise')) return false;
  const [phases, oldPhases] = [now.ac_max_phase_count?.value, before.ac_max_phase_count?.value];
  return changes.includes('new bound') || (phases !== undefined && oldPhases !== undefined && phases < oldPhases);
}

function change(value: number | undefined, before: number | undefined): 'fall' | 'rise' | 'new bound' | 'none' {
  if (value === undefined) return 'none';
  if (before === undefined) return 'new bound';
  if (Math.abs(value) < Math.abs(before) || value * before < 0) return 'fall';
  return Math.abs(value) > Math.abs(before) ? 'rise' : 'none';
}

/** Whether these limits let nothing pass. */
export function isNone(limits: LimitsRes): boolean {
  return AMOUNTS.every((key) => (limits[key]?.value ?? 0) === 0);
}

function notAbove(now: LimitsRes, before: LimitsRes): LimitsRes {
  const limits: LimitsRes = { ...now };
  for (const key of AMOUNTS) {
    const amount = now[key];
    const old = before[key] ?? (isNone(before) ? ZERO : undefined);
    if (!amount || !old) continue;
    if (amount.value * old.value < 0) limits[key] = { value: 0, source: amount.source };
    else if (Math.abs(amount.value) > Math.abs(old.value)) limits[key] = { value: old.value, source: amount.source };
  }
  return limits;
}
