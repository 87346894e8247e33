import type { Random } from '@chargemesh/base';
import { MESSAGES, messageTable } from '@chargemesh/csms';
import { happens, pick, weighted } from './chance.ts';
import { TAKEN } from './expectation.ts';
import { mutate } from './mutation.ts';
import { type Hints, makePayload } from './payload-maker.ts';

/** How a frame came to be. */
export type FrameKind = 'valid' | 'mutated' | 'foreign' | 'envelope' | 'answer' | 'garbage';

/** A text for the station. */
export interface MadeFrame {
  readonly kind: FrameKind;
  readonly text: string;
  /** The action that it began as, where it is a request. */
  readonly action?: string;
}

/** How often each kind is made: valid requests, those with one to three changed fields, requests that are not the station's, … */
const WEIGHTS: Readonly<Record<FrameKind, number>> = {
  valid: 14,
  mutated: 62,
  foreign: 5,
  envelope: 7,
  answer: 8,
  garbage: 4,
};

const IDS = ['', 'x'.repeat(36), 'x'.repeat(37), '-1', null, 7, true, [], {}, '🔌'.repeat(18)] as const;
const TYPES = [0, 1, 2, 3, 4, 5, 2.5, -2, 1e300, '2', null, true, [2]] as const;
const GARBAGE = [
  '',
  ' ',
  'null',
  '[]',
  '[2]',
  '{}',
  '[2,',
  '"[2]"',
  '[2,"a","Reset",{"type":"Soft"}',
  '\u0000',
  '[[[[[[[[',
  '1e999',
  '[2,"x","Reset",1e999]',
] as const;
const ERRORS = ['NotImplemented', 'InternalError', 'GenericError', '', 7, null] as const;

/** What a maker of frames has to know. */
export interface FrameWorld {
  readonly random: Random;
  readonly hints: Hints;
  /** The id of the station's request that waits for an answer, and its action. */
  readonly waiting: { readonly id: string; readonly action: string } | undefined;
}

/** Makes the next frame. @param number makes its id unlike all others */
export function makeFrame(world: FrameWorld, number: number): MadeFrame {
  const { random } = world;
  const id = `fuzz-${number}`;
  const kind = weighted(random, WEIGHTS);
  switch (kind) {
    case 'valid':
    case 'mutated': {
      const action = pick(random, TAKEN) ?? 'Reset';
      const payload = makePayload(messageTable(action)?.request ?? {}, random, world.hints);
      if (kind === 'mutated') mutate(payload, random);
      return { kind, action, text: JSON.stringify([2, id, action, payload]) };
    }
    case 'foreign': {
      const action =
        pick(random, [...Object.keys(MESSAGES), 'NoSuchAction', 'reset', '__proto__', 'constructor', '']) ?? '';
      const payload = makePayload(messageTable(action)?.request ?? {}, random, world.hints);
      return { kind, text: JSON.stringify([2, id, action, payload]) };
    }
    case 'envelope':
      return { kind, text: JSON.stringify(brokenEnvelope(id, world)) };
    case 'answer':
      return { kind, text: JSON.stringify(answerFrame(id, world)) };
    case 'garbage':
      return { kind, text: garbage(id, world) };
  }
}

/** A request whose payload is as it should be, and whose frame is not. */
function brokenEnvelope(id: string, { random, hints }: FrameWorld): unknown[] {
  const action = pick(random, TAKEN) ?? 'Reset';
  const frame: unknown[] = [2, id, action, makePayload(messageTable(action)?.request ?? {}, random, hints)];
  const kinds = [
    () => void frame.splice(0, 1, pick(random, TYPES)),
    () => void frame.splice(1, 1, pick(random, IDS)),
    () => void frame.splice(2, 1, pick(random, [7, null, {}, [], 'x'.repeat(5_000)])),
    () => void frame.splice(3, 1, pick(random, [null, 7, 'x', [], true])),
    () => void frame.push({}),
    () => void frame.pop(),
    () => void frame.shift(),
  ] as const;
  pick(random, kinds)();
  return frame;
}

/** An answer to the station's request that waits for one, or to none. */
function answerFrame(id: string, { random, hints, waiting }: FrameWorld): unknown[] {
  const action = waiting?.action ?? 'Heartbeat';
  const answerTo = waiting && happens(random, 0.8) ? waiting.id : id;
  if (happens(random, 0.3))
    return [4, answerTo, pick(random, ERRORS), pick(random, ['', 'x'.repeat(300), 7]), {}].slice(
      0,
      random.integer(2, 5),
    );
  const payload = makePayload(messageTable(action)?.response ?? {}, random, hints);
  if (happens(random, 0.7)) mutate(payload, random);
  const frame: unknown[] = [3, answerTo, payload];
  if (happens(random, 0.1)) frame.push(null);
  return frame;
}

/** A text that is cut off, torn, or never was a frame. */
function garbage(id: string, { random, hints }: FrameWorld): string {
  if (happens(random, 0.4)) return pick(random, GARBAGE);
  const action = pick(random, TAKEN) ?? 'Reset';
  const text = JSON.stringify([2, id, action, makePayload(messageTable(action)?.request ?? {}, random, hints)]);
  const at = random.integer(0, text.length);
  if (happens(random, 0.5)) return text.slice(0, at);
  return `${text.slice(0, at)}${pick(random, ['"', '}', ']', ',', '\\', '\u0000', '1e999', '🔌'])}${text.slice(at + 1)}`;
}
