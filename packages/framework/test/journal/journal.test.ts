import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Logger, silentLogger } from '@chargemesh/base';
import { defineModule, type JournalPosition, journalMigration } from '@chargemesh/framework';
import { TestMesh } from '@chargemesh/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const token = (value: string) => ({
  id_token: { value, type: 'ISO14443' as const },
  authorization_type: 'RFID' as const,
});
const TOPIC = 'everest/modules/provider/impl/main/var/provided_token';

let folder: string;
let mesh: TestMesh;
let errors: string[];
/** What the reader has taken, in all its lives, and how far it is. */
let taken: string[];
let position: JournalPosition | undefined;
let acknowledging: boolean;
let say: (value: string) => void;

const provider = defineModule('DummyTokenProviderManual', (module) => {
  const main = module.provide('main');
  main.implement({});
  const journal = main.openJournal('provided_token', module.openStore('journal', [journalMigration(1)]));
  say = (value) => journal.publish(token(value));
  return undefined;
});

const reader = defineModule('Auth', (module) => {
  const nothing = new Proxy({}, { has: () => true, get: () => () => null });
  module.provide('main').implement(nothing as never);
  module.provide('reservation').implement(nothing as never);
  module.one('token_provider').follow('provided_token', {
    position: () => position,
    take: (value, at, done) => {
      taken.push(value.id_token.value);
      position = at ?? position;
      if (acknowledging) done();
    },
  });
  return undefined;
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chargemesh-journal-'));
  errors = [];
  taken = [];
  position = undefined;
  acknowledging = true;
  const log: Logger = { ...silentLogger, error: (message) => errors.push(message), child: () => log };
  mesh = new TestMesh({ log, stateDir: folder });
  mesh.add(provider, { id: 'provider' });
  mesh.add(reader, { id: 'reader', connections: { token_provider: [['provider', 'main']] } });
  await mesh.start();
});
afterEach(async () => {
  await mesh.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(id: string): Promise<void> {
  await mesh.startModule(id);
  await mesh.sayReady();
}

async function publish(...values: string[]): Promise<void> {
  for (const value of values) say(value);
  await mesh.settle();
}

describe('a value in a journal', () => {
  test('is on the bus with its number, where EVerest passes over it', async () => {
    await publish('a');
    const [message] = mesh.messages.filter(({ topic }) => topic === TOPIC);
    expect(JSON.parse(message?.payload ?? '')).toEqual({
      data: { data: token('a') },
      journal: { epoch: expect.stringMatching(/^[0-9a-f]{16}$/), number: 1 },
      msg_type: 'Var',
    });
  });

  test('that does not fit the interface is neither kept nor published', async () => {
    expect(() => say(7 as never)).toThrow('cannot be published');
    await publish('a');
    expect(position?.number).toBe(1);
  });
});

describe('a reader that was away', () => {
  test('takes what it missed, once and in order, and then what comes', async () => {
    await publish('a', 'b');
    await mesh.kill('reader');
    await publish('c', 'd');
    await start('reader');
    await publish('e');
    expect(taken).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('takes again what it did not note', async () => {
    await publish('a');
    const before = position;
    await publish('b');
    await mesh.kill('reader');
    position = before;
    await start('reader');
    expect(taken).toEqual(['a', 'b', 'b']);
  });

  test('misses nothing where the other one was killed as well', async () => {
    await publish('a');
    await mesh.kill('reader');
    await publish('b');
    await mesh.kill('provider');
    await start('provider');
    await publish('c');
    await start('reader');
    expect(taken).toEqual(['a', 'b', 'c']);
  });

  test('begins with what is new where it never read before', async () => {
    await publish('a');
    await mesh.kill('reader');
    position = undefined;
    taken.length = 0;
    await publish('b');
    await start('reader');
    await publish('c');
    expect(taken).toEqual(['c']);
  });
});

test('what comes before its turn waits for what was lost on the way', async () => {
  await publish('a');
  const { epoch = '' } = position ?? {};
  // As if the broker had lost "b": the reader hears of "c" alone.
  await mesh.kill('reader');
  await publish('b', 'c');
  await mesh.startModule('reader');
  mesh.external.publish(
    TOPIC,
    JSON.stringify({ data: { data: token('c') }, journal: { epoch, number: 3 }, msg_type: 'Var' }),
  );
  await mesh.settle();
  await mesh.sayReady();
  expect(taken).toEqual(['a', 'b', 'c']);
});

test('a value that comes twice is taken once', async () => {
  await publish('a');
  const [message] = mesh.messages.filter(({ topic }) => topic === TOPIC);
  mesh.external.publish(TOPIC, message?.payload ?? '');
  await mesh.settle();
  expect(taken).toEqual(['a']);
});

test('a journal that was lost is begun anew, and says so', async () => {
  await publish('a', 'b');
  await mesh.kill('provider');
  rmSync(join(folder, 'provider'), { recursive: true });
  await start('provider');
  await publish('c');
  expect(taken).toEqual(['a', 'b', 'c']);
  expect(position?.number).toBe(1);
});

test('what all readers have is forgotten, what one lacks is kept', async () => {
  await publish(...Array.from({ length: 150 }, (_, index) => `t${index}`));
  expect(taken).toHaveLength(150);
  await mesh.kill('reader');
  position = position && { ...position, number: 120 };
  taken.length = 0;
  await start('reader');
  expect(taken[0]).toBe('t120');
  expect(taken).toHaveLength(30);
  // What is gone is gone, and said.
  await mesh.kill('reader');
  position = position && { ...position, number: 3 };
  await start('reader');
  expect(errors.join()).toContain('are lost');
});

test('values of a module without a journal are handed over as they come', async () => {
  mesh.external.publish(TOPIC, JSON.stringify({ data: { data: token('plain') }, msg_type: 'Var' }));
  await mesh.settle();
  expect(taken).toEqual(['plain']);
  expect(position).toBeUndefined();
});

test('nobody asks for ever where nobody answers', async () => {
  await mesh.kill('provider');
  await mesh.clock.advance(60_000);
  const asked = mesh.messages.filter(({ topic }) => topic === 'chargemesh/modules/provider/journal').length;
  await mesh.clock.advance(3_600_000);
  expect(mesh.messages.filter(({ topic }) => topic === 'chargemesh/modules/provider/journal')).toHaveLength(asked);
});

test('a value of a journal that was begun anew is taken at once', async () => {
  await publish('a', 'b', 'c');
  const journal = { epoch: 'another', number: 1 };
  mesh.external.publish(TOPIC, JSON.stringify({ data: { data: token('new') }, journal, msg_type: 'Var' }));
  await mesh.settle();
  expect(taken).toEqual(['a', 'b', 'c', 'new']);
});

test('a reader that lacks the newest asks for it, one that has it does not', async () => {
  await publish('a');
  const { epoch = '' } = position ?? {};
  const questions = () =>
    mesh.messages
      .filter(({ topic }) => topic === 'chargemesh/modules/provider/journal')
      .map(({ payload }) => JSON.parse(payload))
      .filter((request) => 'after' in request);
  const before = questions().length;
  const say = (last: number) =>
    mesh.external.publish('chargemesh/modules/provider/journal/state', JSON.stringify({ epoch, last }));
  say(1);
  await mesh.settle();
  expect(questions()).toHaveLength(before);
  say(2);
  await mesh.settle();
  expect(questions().at(-1)).toEqual({ origin: 'reader', after: { epoch, number: 1 } });
  expect(questions()).toHaveLength(before + 1);
});

test('what cannot be committed is not published', async () => {
  await publish('a');
  // Somebody else has taken the number.
  const database = new DatabaseSync(join(folder, 'provider', 'journal.db'));
  database.exec(`INSERT INTO journal (number, payload) VALUES (2, '{}')`);
  database.close();
  expect(() => say('b')).toThrow();
  await mesh.settle();
  expect(taken).toEqual(['a']);
  expect(mesh.messages.filter(({ topic }) => topic === TOPIC)).toHaveLength(1);
});

test('what one of two readers lacks is kept, however much the other has', async () => {
  const heard: string[] = [];
  let at: JournalPosition | undefined;
  const slow = defineModule('Auth', (module) => {
    const nothing = new Proxy({}, { has: () => true, get: () => () => null });
    module.provide('main').implement(nothing as never);
    module.provide('reservation').implement(nothing as never);
    module.one('token_provider').follow('provided_token', {
      position: () => at,
      take: (value, position, done) => {
        heard.push(value.id_token.value);
        if (heard.length > 1) return;
        at = position;
        done();
      },
    });
    return undefined;
  });
  mesh.add(slow, { id: 'slow', connections: { token_provider: [['provider', 'main']] } });
  await start('slow');
  await publish(...Array.from({ length: 150 }, (_, index) => `t${index}`));
  await mesh.kill('slow');
  heard.length = 1;
  await start('slow');
  expect(heard).toHaveLength(150);
});

test('numbers go on where all was forgotten that all readers have', async () => {
  for (let index = 1; index <= 101; index++) await publish(`t${index}`);
  await mesh.kill('provider');
  await start('provider');
  await publish('next');
  expect(taken.at(-1)).toBe('next');
  expect(position?.number).toBe(102);
});
