import type { Row, Store, Timer } from '@chargemesh/base';
import type { StorePlace, Topics } from '@chargemesh/framework';
import type { FaultWindow, Moment, MomentSource, Verdict } from '../moment.ts';
import { CommitWatch } from './commit-watch.ts';
import type { FrameWatcher } from './memory-transport.ts';
import { ModuleGone, type StoreWatcher, WatchedStore, type Write } from './watched-store.ts';

/** What SQLite says of a disk that takes nothing any more. */
class DiskFull extends Error {
  override readonly name: string = 'DiskFull';
  readonly code: string = 'ERR_SQLITE_ERROR';
  readonly errcode: number = 13;

  constructor() {
    super('database or disk is full');
  }
}

/** What is written by statements that begin like this. */
const CONTENTS: readonly (readonly [string, string])[] = [
  ['DELETE FROM TRANSACTION_QUEUE', 'answer'],
  ['INSERT OR REPLACE INTO journal_position', 'position'],
  ['INSERT OR REPLACE INTO open_transaction', 'open transaction'],
  ['DELETE FROM open_transaction', 'open transaction'],
  ['INSERT INTO remembered', 'session'],
];

/**
 * Stands between the modules of a world and their disks and link, and names each moment at which a fault would be in a window of D36's kind:
 * before and after a commit, after a frame was sent, before its answer is there, while something is replayed.
 */
export class FaultPort implements MomentSource, StoreWatcher, FrameWatcher {
  readonly #judges = new Set<(moment: Moment) => Verdict>();
  readonly #ocppModuleId: string;
  /** The requests that were sent over this connection, by their ids. */
  readonly #asked = new Map<string, string>();
  readonly commits: CommitWatch;

  constructor(topics: Topics, ocppModuleId: string, nowMs: () => number) {
    this.#ocppModuleId = ocppModuleId;
    this.commits = new CommitWatch(topics, ocppModuleId, nowMs);
  }

  onMoment(judge: (moment: Moment) => Verdict): Timer {
    this.#judges.add(judge);
    return { cancel: () => void this.#judges.delete(judge) };
  }

  readonly wrapStore = (store: Store, place: StorePlace): Store => new WatchedStore(store, place, this);

  committing(place: StorePlace, writes: readonly Write[]): void {
    const windows: FaultWindow[] = ['before the commit'];
    if (this.commits.isReplay(writes)) windows.push('during replay');
    this.#carryOut({ windows, of: contentsOf(writes), moduleId: place.moduleId });
  }

  committed(place: StorePlace, writes: readonly Write[]): void {
    this.commits.committed(place, writes);
    this.#carryOut({ windows: ['after the commit'], of: contentsOf(writes), moduleId: place.moduleId });
  }

  read(place: StorePlace, sql: string, rows: readonly Row[]): void {
    if (sql.startsWith('SELECT number, payload FROM journal'))
      this.commits.asked(
        place.moduleId,
        rows.map(({ number }) => Number(number)),
      );
  }

  connected(): void {
    this.#asked.clear();
    this.commits.connected();
  }

  sent(text: string): boolean {
    const [type, id, action, payload] = JSON.parse(text);
    if (type !== 2) return true;
    const kind = this.commits.sent(action, payload);
    if (kind === 'other') return true;
    this.#asked.set(id, action);
    const windows: FaultWindow[] = kind === 'replay' ? ['after the send', 'during replay'] : ['after the send'];
    return this.#judge({ windows, of: [action], moduleId: this.#ocppModuleId }) === 'goes on';
  }

  answered(text: string): boolean {
    const action = this.#asked.get(idOf(text));
    if (action === undefined) return true;
    return this.#judge({ windows: ['before the answer'], of: [action], moduleId: this.#ocppModuleId }) === 'goes on';
  }

  /** @throws what the module would see */
  #carryOut(moment: Moment): void {
    const verdict = this.#judge(moment);
    if (verdict === 'dies') throw new ModuleGone(moment.moduleId);
    if (verdict === 'fails' && !moment.windows.includes('after the commit')) throw new DiskFull();
  }

  #judge(moment: Moment): Verdict {
    for (const judge of this.#judges) {
      const verdict = judge(moment);
      if (verdict !== 'goes on') return verdict;
    }
    return 'goes on';
  }
}

function contentsOf(writes: readonly Write[]): string[] {
  return writes.flatMap(({ sql, values }) => {
    if (sql.startsWith('INSERT INTO TRANSACTION_QUEUE')) return [String(values[0])];
    if (sql.startsWith('INSERT INTO journal ')) return [String(JSON.parse(String(values[1])).event)];
    return CONTENTS.flatMap(([begin, content]) => (sql.startsWith(begin) ? [content] : []));
  });
}

/** Of a frame that may be anything. */
function idOf(text: string): string {
  return /^\[\s*[34]\s*,\s*"([^"]*)"/.exec(text)?.[1] ?? '';
}
