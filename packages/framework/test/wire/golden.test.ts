import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  decodeCommand,
  decodeError,
  decodeResult,
  decodeVariable,
  encodeCommand,
  encodeEnvelope,
  encodeError,
  encodeResult,
  encodeVariable,
  openEnvelope,
} from '@chargemesh/framework';
import { describe, expect, test } from '@jest/globals';

const golden = resolve(import.meta.dirname, '../../../../../shared/reference/golden');
const scenarios = ['session', 'unplugstop', 'remote', 'error', 'api'];

/** JSON that keeps the spelling of numbers: the reference writes 230.0, which JSON.stringify cannot. */
const raw = JSON as unknown as { rawJSON(text: string): unknown };
const parse = JSON.parse as (
  text: string,
  reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
) => unknown;

/** Runs `work` with a JSON.parse that keeps numbers as they were spelled. */
function withSpelling<T>(work: () => T): T {
  const original = JSON.parse;
  JSON.parse = (text: string) =>
    parse(text, (_key, value, { source }) => (typeof value === 'number' && source ? raw.rawJSON(source) : value));
  try {
    return work();
  } finally {
    JSON.parse = original;
  }
}

function encodeAgain(payload: string): string {
  const { type, data } = openEnvelope(payload);
  switch (type) {
    case 'Var':
      return encodeVariable(decodeVariable(payload));
    case 'Cmd':
      return encodeCommand(decodeCommand(payload));
    case 'CmdResult':
      return encodeResult(decodeResult(payload));
    case 'RaiseError':
    case 'ClearError':
      return encodeError(decodeError(payload));
    default:
      return encodeEnvelope(type as 'ModuleReady', data);
  }
}

const present = existsSync(golden) ? describe : describe.skip;
present('messages recorded from the reference', () => {
  test.each(scenarios)('%s: each one is read and written again to the byte', (scenario) => {
    const lines = gunzipSync(readFileSync(`${golden}/bus-${scenario}.jsonl.gz`))
      .toString()
      .trim()
      .split('\n');
    const messages = lines.map((line) => JSON.parse(line) as { topic: string; payload: string });
    const ours = messages.filter(({ topic, payload }) => topic.startsWith('everest/') && payload);
    expect(ours.length).toBeGreaterThan(100);
    for (const { topic, payload } of ours) {
      const again = withSpelling(() => encodeAgain(payload));
      // Keys of an error stand in the order of the interface, not of the alphabet; that is not significant.
      if (topic.includes('/error/')) expect(JSON.parse(again)).toEqual(JSON.parse(payload));
      else expect(again).toBe(payload);
    }
  });
});
