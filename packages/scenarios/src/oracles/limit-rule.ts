import type { EvseLayout } from '@chargemesh/manager';
import type { World } from '../world/world.ts';
import { evseNews } from './evse-topics.ts';
import { Deadlines, type Oracle } from './oracle.ts';

/** A lower limit reached the EVSE: its offer follows in this time. */
const OFFER_WITHIN_MS = 300;
/** The car has this long to follow the offer, and the meter one sample more to show it. */
const DRAW_WITHIN_MS = 5_000 + 1_000;
/** What a board sees of a car. */
const PLUGGED: ReadonlySet<string> = new Set(['B', 'C', 'D', 'E']);
/** Rounding of the duty cycle, and what a meter may be wrong by. */
const OFFER_TOLERANCE_A = 0.1;
const DRAW_TOLERANCE_A = 0.5;

/**
 * What an EVSE offers and its car draws is never above the limit for longer than the change takes.
 * @see IEC 61851-1, table A.6
 */
export function limitRule(evse: EvseLayout, world: World): Oracle {
  const read = evseNews(evse, world);
  const due = new Deadlines('limit');
  const name = `EVSE ${evse.evse}`;
  let limit = { limitA: Number.POSITIVE_INFINITY, endsMs: Number.POSITIVE_INFINITY };
  let signalledA = 0;
  /** What is signalled while nothing is plugged in is offered to nobody, and told by nobody. */
  let isFree = false;
  const nowA = (atMs: number): number => (atMs > limit.endsMs ? 0 : limit.limitA);
  const look = (atMs: number): void => {
    const limitA = nowA(atMs);
    const offeredA = isFree ? 0 : signalledA;
    const sinceMs = Math.min(atMs, Math.max(limit.endsMs, 0));
    if (offeredA > limitA + OFFER_TOLERANCE_A)
      due.set(
        'offer',
        sinceMs + OFFER_WITHIN_MS + world.slackMs,
        `${name}: offers ${offeredA.toFixed(1)} A above the limit of ${limitA} A`,
      );
    else due.met('offer');
  };
  return {
    take: (message) => {
      const { atMs } = message;
      due.look(atMs);
      const news = read(message);
      if (!news) return;
      switch (news.kind) {
        case 'limit':
          limit = { limitA: news.limitA, endsMs: atMs + news.validMs };
          break;
        case 'pwm':
          signalledA = offeredByDuty(news.dutyPercent);
          break;
        case 'board gone':
          signalledA = 0;
          break;
        case 'board':
          isFree = isFree ? !PLUGGED.has(news.event) : news.event === 'A';
          break;
        case 'current':
          if (news.currentA > nowA(atMs) + DRAW_TOLERANCE_A)
            due.set(
              'draw',
              atMs + DRAW_WITHIN_MS + world.slackMs,
              `${name}: ${news.currentA.toFixed(1)} A flow above the limit of ${nowA(atMs)} A`,
            );
          else due.met('draw');
          break;
        default:
          return;
      }
      look(atMs);
    },
    end: (nowMs) => {
      due.look(nowMs);
      return due.findings;
    },
  };
}

/** @see IEC 61851-1, table A.8 */
function offeredByDuty(dutyPercent: number): number {
  if (dutyPercent < 8 || dutyPercent > 97) return 0;
  return dutyPercent <= 85 ? dutyPercent * 0.6 : (dutyPercent - 64) * 2.5;
}
