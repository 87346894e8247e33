import { SqliteStore } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { ocppMigrations } from '../../src/index.ts';
import { NormalQueue } from '../../src/queue/normal-queue.ts';
import { makeRoom } from '../../src/queue/overflow.ts';
import { TransactionQueue } from '../../src/queue/transaction-queue.ts';

interface Queues extends Disposable {
  readonly transactions: TransactionQueue;
  readonly normal: NormalQueue;
  /** What became of normal messages that went, by their payload. */
  readonly told: string[];
}

/** Queues with these messages, oldest first. */
function queues(transactional: readonly string[], normals: number): Queues {
  const store = new SqliteStore({ path: ':memory:', migrations: ocppMigrations });
  const transactions = new TransactionQueue(store);
  const normal = new NormalQueue(store);
  const told: string[] = [];
  let sequence = 0;
  for (const [index, action] of transactional.entries())
    transactions.add(action, JSON.stringify({ index }), undefined, sequence++);
  for (let index = 0; index < normals; index++) {
    const onOutcome = (outcome: { kind: string; reason?: string }): void => {
      told.push(`${index} ${outcome.kind} ${outcome.reason}`);
    };
    normal.add(
      { action: 'StatusNotification', payloadText: `${index}`, sequence: sequence++, triggered: false, onOutcome },
      false,
    );
  }
  return { transactions, normal, told, [Symbol.dispose]: () => store.close() };
}

/** The place in the queue that each message had that is still there. */
function left({ transactions }: Queues): number[] {
  return transactions.messages().map((message) => JSON.parse(transactions.payloadText(message)).index);
}

test('nothing goes while there is room', () => {
  using both = queues(['StartTransaction', 'MeterValues'], 8);
  expect(makeRoom(both.transactions, both.normal, 10)).toBe(0);
  expect(both.normal.length).toBe(8);
});

test('normal messages go first, the oldest of them, a tenth at a time, and their senders hear of it', () => {
  using both = queues(['MeterValues', 'MeterValues', 'MeterValues'], 20);
  expect(makeRoom(both.transactions, both.normal, 22)).toBe(2);
  expect(both.told).toEqual(['0 undelivered overflow', '1 undelivered overflow']);
  expect(left(both)).toEqual([0, 1, 2]);
});

test('then every second one of the meter values, neither the first in the queue nor the last, until there is room', () => {
  using both = queues(['StartTransaction', ...Array<string>(8).fill('MeterValues'), 'StopTransaction'], 3);
  expect(makeRoom(both.transactions, both.normal, 7)).toBe(3 + 4);
  expect(both.normal.length).toBe(0);
  expect(left(both)).toEqual([0, 2, 4, 6, 8, 9]);
  expect(makeRoom(both.transactions, both.normal, 3)).toBe(3);
  expect(left(both)).toEqual([0, 8, 9]);
});

test('starts, stops, security events, the message at the head and the last meter value stay, however many', () => {
  const kept = ['MeterValues', 'StartTransaction', 'SecurityEventNotification', 'StopTransaction', 'MeterValues'];
  using both = queues(kept, 0);
  expect(makeRoom(both.transactions, both.normal, 1)).toBe(0);
  expect(left(both)).toEqual([0, 1, 2, 3, 4]);
});
