import { durationMs } from '../language/duration.ts';
import type { Moment, Verdict } from '../world/moment.ts';
import type { World } from '../world/world.ts';
import { ObservedMoments } from './observed-moments.ts';
import { type Hit, STRIKE_WINDOWS, type Strike } from './strike.ts';

const USUAL_MS = 3_000;
const HELD_BACK_MS = 1_500;

interface Armed {
  readonly strike: Strike;
  left: number;
}

/** The faults that wait for their moment in a world, and those that have struck. */
export class Strikes {
  readonly #world: World;
  readonly #underWay = new Set<Promise<unknown>>();
  /** Whose disk is full, and until when. */
  readonly #full = new Map<string, number>();
  #armed: Armed[] = [];
  readonly hits: Hit[] = [];

  constructor(world: World) {
    this.#world = world;
    const moments = world.moments ?? new ObservedMoments(world);
    moments.onMoment((moment) => this.#judge(moment));
  }

  arm(strike: Strike): void {
    const { moments, csms } = this.#world;
    const { window, of } = strike;
    // From outside it takes its time to strike: the answer must not be there before.
    if (!moments && of !== undefined && (window === 'after-send' || window === 'before-answer'))
      csms.setAnswer(of, { kind: 'late', delayMs: HELD_BACK_MS, answer: { kind: 'default' } });
    this.#armed.push({ strike, left: strike.skip ?? 0 });
  }

  /** No more strikes, and the disk is empty. @returns when what was under way is over: time has to be moved for it */
  async end(): Promise<void> {
    this.#armed = [];
    this.#full.clear();
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #judge(moment: Moment): Verdict {
    const nowMs = this.#world.clock.monotonicMs();
    const due = this.#armed.find(({ strike }) => fits(strike, moment));
    if (due && due.left-- <= 0) {
      this.#armed = this.#armed.filter((armed) => armed !== due);
      this.hits.push({ strike: due.strike, moduleId: moment.moduleId, of: moment.of, atMs: nowMs });
      return this.#strike(due.strike, moment, nowMs);
    }
    const isFull = nowMs < (this.#full.get(moment.moduleId) ?? 0);
    return isFull && moment.windows.includes('before the commit') ? 'fails' : 'goes on';
  }

  #strike({ how, for: lasts = USUAL_MS / 1000 }: Strike, { moduleId }: Moment, nowMs: number): Verdict {
    const world = this.#world;
    const lastsMs = durationMs(lasts);
    switch (how) {
      case 'kill':
        this.#keep(world.kill(moduleId));
        return 'dies';
      case 'power':
        this.#keep(this.#losePower(lastsMs));
        return 'dies';
      case 'disk':
        this.#full.set(moduleId, nowMs + lastsMs);
        return 'fails';
      case 'link':
        this.#keep(this.#loseLink(lastsMs));
        return 'lost';
    }
  }

  async #losePower(lastsMs: number): Promise<void> {
    const { clock } = this.#world;
    await this.#world.kill('manager');
    await clock.sleep(lastsMs);
    await this.#world.startAgain();
  }

  async #loseLink(lastsMs: number): Promise<void> {
    const { clock } = this.#world;
    // Nobody's websocket breaks while it is being written to.
    await clock.sleep(0);
    await this.#world.setLink({ kind: 'cut' });
    await clock.sleep(lastsMs);
    await this.#world.setLink({ kind: 'restored' });
  }

  #keep(work: Promise<unknown>): void {
    const kept = work.catch(() => {}).finally(() => this.#underWay.delete(kept));
    this.#underWay.add(kept);
  }
}

function fits({ window, of }: Strike, moment: Moment): boolean {
  return moment.windows.includes(STRIKE_WINDOWS[window]) && (of === undefined || moment.of.includes(of));
}
