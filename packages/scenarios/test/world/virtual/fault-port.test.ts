import { isDiskFault, SqliteStore } from '@chargemesh/base';
import { defaultPrefixes, Topics } from '@chargemesh/framework';
import { beforeEach, expect, test } from '@jest/globals';
import type { Moment, Verdict } from '../../../src/world/moment.ts';
import { FaultPort } from '../../../src/world/virtual/fault-port.ts';
import { ModuleGone } from '../../../src/world/virtual/watched-store.ts';

const topics = new Topics(defaultPrefixes);
const QUEUE = 'INSERT INTO TRANSACTION_QUEUE (ACTION, PAYLOAD, LEDGER_ID) VALUES (?, ?, ?)';
const start = { connectorId: 1, idTag: 'A', meterStart: 0, timestamp: '2026-01-01T00:00:00.000Z' };

let port: FaultPort;
let moments: Moment[];
let verdict: (moment: Moment) => Verdict;

beforeEach(() => {
  port = new FaultPort(topics, 'ocpp', () => 0);
  moments = [];
  verdict = () => 'goes on';
  port.onMoment((moment) => {
    moments.push(moment);
    return verdict(moment);
  });
});

function ledger() {
  const sql = 'CREATE TABLE TRANSACTION_QUEUE (ID INTEGER PRIMARY KEY, ACTION TEXT, PAYLOAD TEXT, LEDGER_ID INTEGER)';
  const store = new SqliteStore({ path: ':memory:', migrations: [{ version: 1, sql }] });
  const watched = port.wrapStore(store, { moduleId: 'ocpp', name: 'cp001.db' });
  const rows = (): number => Number(store.prepare('SELECT COUNT(*) AS N FROM TRANSACTION_QUEUE').get()?.N);
  return { watched, rows, queue: () => watched.prepare(QUEUE).run('StartTransaction', JSON.stringify(start), 1) };
}

const call = (payload: object): string => JSON.stringify([2, 'id', 'StartTransaction', payload]);

test('a commit has a moment before it and one after it', () => {
  const { queue } = ledger();
  queue();
  expect(moments).toEqual([
    { windows: ['before the commit'], of: ['StartTransaction'], moduleId: 'ocpp' },
    { windows: ['after the commit'], of: ['StartTransaction'], moduleId: 'ocpp' },
  ]);
});

test('a full disk fails as SQLite does, and nothing is written', () => {
  const { queue, rows } = ledger();
  verdict = () => 'fails';
  let thrown: unknown;
  try {
    queue();
  } catch (error) {
    thrown = error;
  }
  expect(isDiskFault(thrown)).toBe(true);
  expect(rows()).toBe(0);
});

test('who dies before the commit has written nothing, who dies after it has; and does nothing any more', () => {
  const { watched, queue, rows } = ledger();
  verdict = ({ windows }) => (windows.includes('after the commit') ? 'dies' : 'goes on');
  expect(queue).toThrow(ModuleGone);
  expect(rows()).toBe(1);
  verdict = () => {
    watched.close();
    return 'dies';
  };
  expect(queue).toThrow(ModuleGone);
  expect(queue).toThrow(ModuleGone);
});

test('a request that was not committed before it was sent is found', () => {
  const { queue } = ledger();
  port.connected();
  port.sent(call(start));
  expect(port.commits.findings).toHaveLength(1);
  queue();
  port.sent(call(start));
  expect(port.commits.findings).toHaveLength(1);
});

test('a request over a later connection is a replay; its answer may be lost', () => {
  const { queue } = ledger();
  port.connected();
  queue();
  expect(port.sent(call(start))).toBe(true);
  port.connected();
  expect(port.sent(call(start))).toBe(true);
  expect(moments.map(({ windows }) => windows.join()).slice(2)).toEqual([
    'after the send',
    'after the send,during replay',
  ]);
  verdict = () => 'lost';
  expect(port.answered('[3,"id",{}]')).toBe(false);
  expect(port.answered('[3,"another",{}]')).toBe(true);
});

test('a session event that is published before it is in its journal is found', () => {
  const topic = topics.variable('evse_manager_1', 'evse', 'session_event');
  const payload = JSON.stringify({
    data: { data: { event: 'Enabled' } },
    journal: { epoch: 'e', number: 1 },
    msg_type: 'Var',
  });
  port.commits.heard({ topic, payload, retained: false, atMs: 0 });
  expect(port.commits.findings.map(({ rule }) => rule)).toEqual(['commit']);
});
