import { SqliteStore } from '@chargemesh/base';
import { describe, expect, test } from '@jest/globals';
import { ocppMigrations, sessionId } from '../../src/index.ts';
import { Bench } from '../support/bench.ts';
import { WatchedStore } from '../support/watched-store.ts';

/** A station whose commits, frames and events are noted in one list. */
function watched(): { bench: Bench; store: WatchedStore; notes: string[] } {
  const notes: string[] = [];
  const store = new WatchedStore(
    new SqliteStore({ path: ':memory:', migrations: ocppMigrations }),
    (statements, how) => {
      notes.push(`commit ${how === 'lazily' ? 'lazily ' : ''}${statements.join(', ')}`);
    },
  );
  const bench = new Bench({ options: { store }, sections: { Core: { MeterValueSampleInterval: 10 } } });
  bench.chargePoint.on('frame', ({ direction, text }) => {
    const [type, , action] = JSON.parse(text);
    if (direction === 'out' && type === 2) notes.push(`send ${action}`);
  });
  bench.chargePoint.on('transactionEvent', ({ event }) => notes.push(`tell ${event}`));
  return { bench, store, notes };
}

const transactional = /TRANSACTION|tell|send (Start|Stop|Meter)/;

test('each step is committed, with its message, before it is sent or told', async () => {
  const { bench, notes } = watched();
  using _ = bench;
  await bench.start();
  notes.length = 0;
  const id = bench.begin(1, { signedStart: { value: 'begin', timestampMs: 0 } });
  bench.read(110);
  await bench.clock.advance(10_000);
  bench.end(id);
  await bench.clock.advance(1000);
  const queued = 'INSERT INTO TRANSACTION_QUEUE';
  const answered = 'DELETE FROM TRANSACTION_QUEUE';
  expect(notes.filter((note) => transactional.test(note))).toEqual([
    `commit INSERT INTO TRANSACTIONS, ${queued}, ${queued}, INSERT INTO TRANSACTION_DATA`,
    'tell Started',
    'commit UPDATE TRANSACTIONS SET',
    'send StartTransaction',
    `commit UPDATE TRANSACTIONS SET, INSERT INTO AUTH_CACHE, ${answered}`,
    'tell Updated',
    'send MeterValues',
    `commit lazily ${answered}`,
    `commit ${queued}, INSERT INTO TRANSACTION_DATA, UPDATE TRANSACTIONS SET`,
    'send MeterValues',
    `commit lazily ${answered}`,
    `commit ${queued}, UPDATE TRANSACTIONS SET, DELETE FROM TRANSACTION_DATA`,
    'send StopTransaction',
    'tell Ended',
    `commit UPDATE TRANSACTIONS SET, INSERT INTO AUTH_CACHE, ${answered}`,
  ]);
});

describe('a disk that fails', () => {
  test.each([1, 2, 3])('at write %i of a start: nothing is sent, told or kept; told again it works', async (write) => {
    const { bench, store, notes } = watched();
    using _ = bench;
    await bench.start();
    notes.length = 0;
    const next = {
      sessionId: sessionId('next'),
      idTag: 'TAG1',
      meterStartWh: 0,
      timestampMs: 0,
      signedStart: { value: 'begin', timestampMs: 0 },
    };
    bench.chargePoint.sessionStarted(1, { sessionId: next.sessionId, reason: 'EVConnected' });
    store.failAfter = write;
    expect(() => bench.chargePoint.transactionStarted(1, next)).toThrow('disk full');
    await bench.clock.advance(1000);
    expect(notes.filter((note) => transactional.test(note))).toEqual([]);
    bench.chargePoint.transactionStarted(1, next);
    await bench.clock.advance(1000);
    expect(bench.csms.payloads('StartTransaction')).toHaveLength(1);
    expect(bench.chargePoint.queued().transaction).toBe(0);
  });

  test('while an answer is recorded: it is written down later, and the message does not go out again', async () => {
    const { bench, store } = watched();
    using _ = bench;
    await bench.start();
    bench.csms.delayMs = 100;
    bench.begin();
    await bench.clock.advance(150);
    store.failAfter = 1;
    await bench.clock.advance(1000);
    expect(bench.chargePoint.queued().transaction).toBe(1);
    expect(bench.chargePoint.openTransactions()[0]).not.toHaveProperty('transactionId');
    bench.csms.drop();
    await bench.clock.advance(20_000);
    expect(bench.csms.payloads('StartTransaction')).toHaveLength(1);
    expect(bench.chargePoint.queued().transaction).toBe(0);
    expect(bench.chargePoint.openTransactions()).toMatchObject([{ transactionId: 1 }]);
  });

  /** Answers a request that was left alone so far, on a disk that does not take the answer at once. */
  const answer = ({ bench, store }: ReturnType<typeof watched>, at: number, payload: object, fails: boolean): void => {
    const { frame } =
      bench.csms.heard.filter(({ frame: [, , action] }) => transactional.test(`send ${action}`))[at] ?? {};
    if (fails) store.failAfter = 1;
    bench.csms.send(JSON.stringify([3, frame?.[1], payload]));
  };
  const idTagInfo = { status: 'Accepted' } as const;

  test('while an answer is recorded: another answer to the same message does not take its place', async () => {
    const parts = watched();
    const { bench } = parts;
    using _ = bench;
    await bench.start();
    bench.csms.on('StartTransaction', 'silence');
    bench.begin();
    await bench.clock.advance(32_000);
    expect(bench.csms.payloads('StartTransaction')).toHaveLength(2);
    answer(parts, 0, { transactionId: 11, idTagInfo }, true);
    answer(parts, 1, { transactionId: 22, idTagInfo }, false);
    await bench.clock.advance(10_000);
    expect(bench.chargePoint.queued().transaction).toBe(0);
    expect(bench.chargePoint.openTransactions()).toMatchObject([{ transactionId: 11 }]);
  });

  test('while an answer is recorded: what is sent again by hand meanwhile does not hold up the queue', async () => {
    const store = new WatchedStore(new SqliteStore({ path: ':memory:', migrations: ocppMigrations }), () => {});
    using bench = new Bench({ options: { store }, sections: { Core: { TransactionMessageAttempts: 1 } } });
    await bench.start();
    bench.csms.on('StartTransaction', (_: never, attempt) =>
      attempt === 1 ? { error: 'InternalError' } : { transactionId: 11, idTagInfo },
    );
    bench.csms.on('StopTransaction', (_: never, attempt) => (attempt === 1 ? 'silence' : { idTagInfo }));
    bench.end(bench.begin());
    await bench.clock.advance(1000);
    answer({ bench, store, notes: [] }, 1, { idTagInfo }, true);
    bench.chargePoint.resendUndeliverable(bench.chargePoint.undeliverable().map(({ id }) => id));
    await bench.clock.advance(10_000);
    expect(bench.chargePoint.queued().transaction).toBe(0);
    expect(bench.csms.payloads('StopTransaction').at(-1)).toMatchObject({ transactionId: 11 });
  });

  test('while an attempt is counted: the message goes out again all the same', async () => {
    const { bench, store } = watched();
    using _ = bench;
    await bench.start();
    bench.csms.on('StartTransaction', (_payload: never, attempt) =>
      attempt === 1 ? 'silence' : { transactionId: 1, idTagInfo: { status: 'Accepted' } },
    );
    bench.begin();
    await bench.clock.advance(30_000);
    store.failAfter = 1;
    await bench.clock.advance(2000);
    expect(store.failAfter).toBeLessThanOrEqual(0);
    expect(bench.csms.payloads('StartTransaction')).toHaveLength(1);
    await bench.clock.advance(10_000);
    expect(bench.csms.payloads('StartTransaction')).toHaveLength(2);
  });

  test('while a sample is taken or a state changes: that is lost, and nothing else', async () => {
    const { bench, store } = watched();
    using _ = bench;
    await bench.start();
    bench.begin();
    bench.read(110);
    await bench.clock.advance(9000);
    store.failAfter = 1;
    bench.chargePoint.pausedByEv(1);
    store.failAfter = 2;
    await bench.clock.advance(2000);
    expect(bench.csms.statuses(1).at(-1)).toBe('SuspendedEV');
    expect(bench.csms.payloads('MeterValues')).toEqual([]);
    await bench.clock.advance(10_000);
    expect(bench.csms.payloads('MeterValues')).toHaveLength(1);
  });
});
