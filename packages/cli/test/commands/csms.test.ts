import { parseTimestamp, SeededRandom, silentLogger, VirtualClock } from '@chargemesh/base';
import { Csms, checkTranscript, type LinkEvents } from '@chargemesh/csms';
import { ControlServer, controlSocketPath } from '@chargemesh/manager';
import { createFrameValidator } from '@chargemesh/ocpp-core';
import { afterEach, expect, test } from '@jest/globals';
import { csmsControl } from '../../src/support/bundled-csms.ts';
import { type CliRun, runCli } from '../run-cli.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const AT = '2026-08-01T10:00:00.000Z';
const state = temporaryFolder();
const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A CSMS that the commands find, with a station on it that answers all requests alike. */
class Desk {
  readonly csms = new Csms({
    clock: new VirtualClock(parseTimestamp(AT)),
    random: new SeededRandom(1),
    log: silentLogger,
    validator: createFrameValidator(),
  });
  /** What the station got. */
  readonly got: string[] = [];
  readonly events: LinkEvents;
  closed = 0;
  paused = false;
  /** Runs when somebody has asked for frames. */
  asked = (): void => {};

  private constructor(answer: string) {
    this.events = this.csms.attach('cp001', {
      send: (text) => {
        this.got.push(text);
        const [, id] = /^\[2,"([^"]+)"/.exec(text) ?? [];
        if (id !== undefined) queueMicrotask(() => this.events.received(answer.replace('ID', id)));
      },
      close: () => {
        this.closed++;
      },
      pause: () => {
        this.paused = true;
      },
      resume: () => {
        this.paused = false;
      },
    });
  }

  static async open(answer = '[3,"ID",{"status":"Accepted"}]'): Promise<Desk> {
    const desk = new Desk(answer);
    const server = new ControlServer(silentLogger);
    const methods = csmsControl(desk.csms);
    server.register({
      ...methods,
      'csms.frames': (params, call) => {
        const answer = methods['csms.frames']?.(params, call);
        desk.asked();
        return answer;
      },
    });
    await server.listen(controlSocketPath(state, process.env));
    ends.push(() => server.close());
    return desk;
  }
}

function csms(...words: readonly string[]): Promise<CliRun> {
  return runCli('csms', ...words, '--state', state);
}

test('call: a payload that the schema refuses is not sent, and is with --force', async () => {
  const desk = await Desk.open('[4,"ID","FormationViolation","no such type",{}]');
  const wrong = ['call', 'cp001', 'Reset', '{"type":"Warm"}'];
  expect(await csms(...wrong)).toMatchObject({
    code: 2,
    err: expect.stringContaining('Reset is refused by its schema'),
  });
  expect(desk.got).toEqual([]);
  expect(await csms(...wrong, '--force')).toMatchObject({
    code: 1,
    out: 'CALLERROR FormationViolation no such type\n',
  });
  expect(desk.got).toEqual([expect.stringMatching(/^\[2,"[^"]+","Reset",\{"type":"Warm"\}\]$/)]);
});

test('call: what the station answers', async () => {
  await Desk.open();
  expect(await csms('call', 'cp001', 'Reset', '{"type":"Soft"}')).toEqual({
    code: 0,
    out: '{\n  "status": "Accepted"\n}\n',
    err: '',
  });
  expect(JSON.parse((await csms('call', 'cp001', 'ClearCache', '--timeout', '5', '--json')).out)).toEqual({
    kind: 'result',
    payload: { status: 'Accepted' },
  });
});

test('raw: any text, and what is no frame', async () => {
  const desk = await Desk.open();
  expect(await csms('raw', 'cp001', '[2,"1","Reset"')).toEqual({
    code: 0,
    out: 'the text was sent to cp001\n',
    err: '',
  });
  expect(desk.got).toEqual(['[2,"1","Reset"']);
  expect(await csms('raw', 'cp009', 'x')).toMatchObject({ code: 1, err: expect.stringContaining('no station cp009') });
});

test('frames: the last ones, as lines of a transcript too', async () => {
  const desk = await Desk.open();
  desk.events.received('[2,"a","Heartbeat",{}]');
  const lines = [
    `${AT} cp001 · connected /cp001`,
    `${AT} cp001 → [2,"a","Heartbeat",{}]`,
    `${AT} cp001 ← [3,"a",{"currentTime":"${AT}"}]`,
  ];
  expect(await csms('frames')).toEqual({ code: 0, out: `${lines.join('\n')}\n`, err: '' });
  expect((await csms('frames', '--last', '1', '--station', 'cp001')).out).toBe(`${lines[2]}\n`);
  desk.events.received('nonsense');
  const transcript = (await csms('frames', '--json')).out.trimEnd().split('\n');
  expect(transcript).toHaveLength(4);
  expect(checkTranscript(transcript).map(({ rule, at }) => [rule, at])).toEqual([['RPC_NOT_JSON', AT]]);
});

test('frames --follow: those that come, until Ctrl-C', async () => {
  const desk = await Desk.open();
  desk.asked = () => desk.events.received('[2,"b","Heartbeat",{}]');
  const write = process.stdout.write;
  const following = csms('frames', '--follow', '--last', '0');
  const caught = process.stdout.write;
  process.stdout.write = (text: string | Uint8Array) => {
    if (String(text).includes('←')) process.emit('SIGINT');
    return caught.call(process.stdout, text);
  };
  const { code, out } = await following;
  process.stdout.write = write;
  expect(code).toBe(0);
  expect(out).toMatch(/^\S+ cp001 → \[2,"b","Heartbeat",\{\}\]\n\S+ cp001 ← \[3,"b",.*\n$/);
});

test('frames where none passed says where earlier ones are', async () => {
  const desk = await Desk.open();
  desk.events.closed();
  desk.csms.forget('cp001');
  expect(await csms('frames')).toMatchObject({ code: 0, out: '', err: expect.stringContaining('ocpp log') });
});

test('half-open, delay-upgrade, refuse, drop', async () => {
  const desk = await Desk.open();
  expect((await csms('half-open', 'cp001', 'on')).out).toBe(
    'the connection of cp001 stays, and nothing passes on it\n',
  );
  expect(desk.paused).toBe(true);
  expect((await csms('list')).out).toContain('cp001    half open');
  expect((await csms('half-open', 'cp001', 'off')).out).toBe('frames pass on the connection of cp001 again\n');
  expect(desk.paused).toBe(false);
  expect((await csms('delay-upgrade', '500')).out).toBe('new connections wait 500 ms for their answer\n');
  expect((await csms('delay-upgrade', '0')).out).toBe('new connections are answered at once\n');
  expect((await csms('refuse', 'on')).out).toBe('new connections are refused\n');
  expect((await csms('drop', 'cp001', '--json')).out).toBe('{"ok":true}\n');
  expect(desk.closed).toBe(1);
  for (const words of [
    ['half-open', 'cp001', 'maybe'],
    ['refuse', 'yes'],
  ])
    expect(await csms(...words)).toMatchObject({ code: 2, err: expect.stringContaining('write "on" or "off"') });
});

test('violations of one rule, and cleared; forget', async () => {
  const desk = await Desk.open();
  desk.events.received('nonsense');
  desk.events.received('[2,"a","Heartbeat",{"extra":1}]');
  expect((await csms('violations', '--rule', 'RPC_NOT_JSON', '--clear')).out).toContain('the frame is not JSON');
  expect((await csms('violations')).out).not.toContain('the frame is not JSON');
  expect(await csms('violations', '--rule', 'NONE')).toMatchObject({
    code: 2,
    err: expect.stringContaining('csms rules'),
  });
  expect((await csms('rules')).out).toContain('RPC_NOT_JSON');
  expect((await csms('tags')).out).toContain('any other  Accepted');
  expect(await csms('forget', 'cp001')).toMatchObject({ code: 1, err: expect.stringContaining('is connected') });
  desk.events.closed();
  expect((await csms('forget', 'cp001')).out).toBe('cp001 is forgotten\n');
  expect((await csms('list')).out).toBe('No station has connected yet.\n');
});

test('answer: what no station asks is refused like an answer that there is not', async () => {
  await Desk.open();
  for (const words of [
    ['Foo', 'never'],
    ['StartTransaction', 'perhaps'],
    ['StartTransaction', 'late', 'soon'],
    ['StartTransaction', '{bad'],
  ]) {
    const { code, out, err } = await csms('answer', ...words);
    expect([code, out, err.trimEnd().split('\n')]).toEqual([
      2,
      '',
      [expect.stringContaining(words.at(-1) === 'never' ? 'Foo' : (words.at(-1) ?? ''))],
    ]);
  }
});
