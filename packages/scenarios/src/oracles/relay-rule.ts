import type { EvseLayout } from '@chargemesh/manager';
import type { World } from '../world/world.ts';
import { evseNews } from './evse-topics.ts';
import { Deadlines, type Oracle } from './oracle.ts';

/** The EVSE has seen the car leave C, or a fault: the relay is open by then. */
const OPENS_WITHIN_MS = 100;
/** Authorisation or limit are gone: the car has this long to leave C. */
const CAR_LEAVES_WITHIN_MS = 6_000;

/**
 * The relay of an EVSE: closed only in C, or D, with authorisation, a limit and no fatal fault; open soon after any of these ends.
 * @see IEC 61851-1, table A.6
 */
export function relayRule(evse: EvseLayout, world: World): Oracle {
  const read = evseNews(evse, world);
  const due = new Deadlines('relay');
  const name = `EVSE ${evse.evse}`;
  let closed = false;
  let letter = 'A';
  let authorised = false;
  let inoperative = false;
  let limitA = 0;
  let limitEndsMs = 0;
  const mustOpen = (why: string, atMs: number, withinMs: number): void => {
    if (closed) due.set(why, atMs + withinMs + world.slackMs, `${name}: the relay is still closed although ${why}`);
  };
  const lostPermission = (nowMs: number): void => {
    if (!authorised) mustOpen('nobody is authorised', nowMs, CAR_LEAVES_WITHIN_MS);
    else due.met('nobody is authorised');
    if (limitA < 6 || nowMs > limitEndsMs)
      mustOpen('there is no limit', Math.min(nowMs, Math.max(limitEndsMs, 0) || nowMs), CAR_LEAVES_WITHIN_MS);
    else due.met('there is no limit');
  };
  const opened = (): void => {
    closed = false;
    for (const why of ['nobody is authorised', 'there is no limit', 'the car left C', 'the EVSE is inoperative'])
      due.met(why);
  };
  const board = (event: string, atMs: number): void => {
    if (event === 'PowerOn') {
      closed = true;
      if (letter !== 'C' && letter !== 'D') due.found(`${name}: the relay closes in ${letter}`, atMs);
      if (!authorised) due.found(`${name}: the relay closes although nobody is authorised`, atMs);
      if (inoperative) due.found(`${name}: the relay closes although the EVSE is inoperative`, atMs);
    } else if (event === 'PowerOff') opened();
    else if (/^[A-F]$/.test(event)) {
      letter = event;
      if (letter !== 'C' && letter !== 'D') mustOpen('the car left C', atMs, OPENS_WITHIN_MS);
    }
  };
  return {
    take: (message) => {
      const { atMs } = message;
      due.look(atMs);
      const news = read(message);
      if (!news) return;
      switch (news.kind) {
        case 'board':
          board(news.event, atMs);
          break;
        case 'board gone':
          opened();
          letter = 'A';
          break;
        case 'session':
          if (news.event === 'TransactionStarted') authorised = true;
          if (news.event === 'TransactionFinished' || news.event === 'Deauthorized') authorised = false;
          break;
        case 'limit':
          limitA = news.limitA;
          limitEndsMs = atMs + news.validMs;
          break;
        case 'inoperative':
          inoperative = news.active;
          if (inoperative) mustOpen('the EVSE is inoperative', atMs, OPENS_WITHIN_MS);
          break;
        default:
          return;
      }
      if (closed) lostPermission(atMs);
    },
    end: (nowMs) => {
      due.look(nowMs);
      return due.findings;
    },
  };
}
