import { decodeMarkedVariable, type StorePlace, type Topics } from '@chargemesh/framework';
import type { OracleFinding } from '../../oracles/oracle.ts';
import { TRANSACTION_ACTIONS } from '../transaction-actions.ts';
import type { JournaledEvent, SeenMessage } from '../world.ts';
import type { Write } from './watched-store.ts';

/**
 * Holds what a station says against what it has committed: a request of a transaction, a session event and the word that one was taken
 * may only follow their commit. What was sent over an earlier connection than it was queued in is a replay.
 */
export class CommitWatch {
  readonly #topics: Topics;
  readonly #reader: string;
  readonly #nowMs: () => number;
  /** What was queued, and over which connection it could go at first. */
  readonly #queued = new Map<string, number>();
  readonly #journaled = new Map<string, JournaledEvent>();
  readonly #taken = new Map<string, number>();
  /** What a journal was asked for again, by module and number. */
  readonly #asked = new Set<string>();
  #connections = 0;
  readonly findings: OracleFinding[] = [];

  /** @param reader who takes the journals into a ledger */
  constructor(topics: Topics, reader: string, nowMs: () => number) {
    this.#topics = topics;
    this.#reader = reader;
    this.#nowMs = nowMs;
  }

  /** All that was ever written into a journal. */
  get events(): readonly JournaledEvent[] {
    return [...this.#journaled.values()];
  }

  /** For runs that are too long to keep all of it: to be called with nothing under way, since what comes later may be a replay. */
  forget(): void {
    this.#queued.clear();
    this.#journaled.clear();
    this.#asked.clear();
  }

  connected(): void {
    this.#connections++;
  }

  committed({ moduleId }: StorePlace, writes: readonly Write[]): void {
    for (const { sql, values } of writes) {
      const [first, second, third] = values;
      if (sql.startsWith('INSERT INTO TRANSACTION_QUEUE'))
        this.#queued.set(keyOf(String(first), String(second)), this.#connections);
      else if (sql.startsWith('INSERT INTO journal ')) {
        const number = Number(first);
        this.#journaled.set(`${moduleId} ${number}`, { moduleId, number, event: JSON.parse(String(second)) });
      } else if (sql.includes('INTO journal_position')) this.#taken.set(String(first), Number(third));
    }
  }

  /** A reader asks for these again. */
  asked(moduleId: string, numbers: readonly number[]): void {
    for (const number of numbers) this.#asked.add(`${moduleId} ${number}`);
  }

  /** Whether a commit takes something that was missed when it was published. */
  isReplay(writes: readonly Write[]): boolean {
    return writes.some(
      ({ sql, values }) => sql.includes('INTO journal_position') && this.#asked.delete(`${values[0]} ${values[2]}`),
    );
  }

  /** A request is sent. @returns whether it is one of a transaction, and was queued before this connection was there */
  sent(action: string, payload: Readonly<Record<string, unknown>>): 'other' | 'fresh' | 'replay' {
    if (!TRANSACTION_ACTIONS.includes(action)) return 'other';
    const { transactionId: _, ...queued } = payload;
    const connection = this.#queued.get(keyOf(action, JSON.stringify(queued)));
    if (connection !== undefined) return connection < this.#connections ? 'replay' : 'fresh';
    // What a CSMS asks for by TriggerMessage goes as it is.
    if (action === 'MeterValues' && JSON.stringify(payload).includes('"Trigger"')) return 'other';
    this.#found(`${action} was sent before it was committed: ${JSON.stringify(payload)}`);
    return 'fresh';
  }

  /** Something was said on the bus. */
  heard({ topic, payload, retained }: SeenMessage): void {
    if (retained || payload === '') return;
    const [moduleId] = /modules\/([^/]+)\//.exec(topic)?.slice(1) ?? [];
    if (moduleId === undefined) return;
    if (topic.endsWith('/var/session_event')) {
      const mark = decodeMarkedVariable(payload).journal;
      if (mark && !this.#journaled.has(`${moduleId} ${mark.number}`))
        this.#found(`${moduleId} published a session event before it was in its journal: ${payload}`);
    } else if (topic === this.#topics.journal(moduleId)) {
      const { origin, acknowledged } = JSON.parse(payload) as { origin: string; acknowledged?: { number: number } };
      // Others that read along keep nothing.
      if (origin === this.#reader && acknowledged && (this.#taken.get(moduleId) ?? 0) < acknowledged.number)
        this.#found(`${moduleId} was told that event ${acknowledged.number} was taken before that was committed`);
    }
  }

  #found(message: string): void {
    this.findings.push({ rule: 'commit', message, atMs: this.#nowMs() });
  }
}

function keyOf(action: string, payloadText: string): string {
  return `${action} ${payloadText}`;
}
