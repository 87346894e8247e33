import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { readableFrame } from './readable-frame.ts';

/** Something that was done to the reference while it was recorded, at a time after the mesh was ready. */
export type Stimulus = { readonly afterMs: number; readonly after: Word | undefined } & (
  | { readonly kind: 'publish'; readonly topic: string; readonly payload: string }
  | { readonly kind: 'call'; readonly action: string; readonly payload: object }
  /** The CSMS hangs up. */
  | { readonly kind: 'hang up' }
);

/** The last thing that the station had said of itself before something was done to it. */
export interface Word {
  readonly text: string;
  /** How often it had come by then. */
  readonly times: number;
}

/** An OCPP frame of a recording. */
export interface RecordedFrame {
  readonly t: number;
  readonly dir: 'rx' | 'tx' | 'event';
  readonly frame: unknown;
}

/** What was done in a recorded scenario. */
export interface Script {
  readonly stimuli: readonly Stimulus[];
  /** How long it lasted after the mesh was ready. */
  readonly lastsMs: number;
  /** Cards that the CSMS refused, each with what it said. */
  readonly refused: ReadonlyMap<string, string>;
}

interface RecordedMessage {
  readonly t: number;
  readonly topic: string;
  readonly payload: string;
}

const driven = /^(everest_api\/.+\/cmd\/.+|everest_external\/nodered\/\d+\/carsim\/(cmd\/.*|error))$/;
/** A connection that ends so soon after the station was told to end it was not ended by the CSMS. */
const HANGS_UP_WITHIN_S = 1;
const timestamp = /"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)"/g;

export function readLines<T>(file: string): T[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/**
 * What was done in a recorded scenario.
 * @param shifted a time of then, as a timestamp, to what is the same after the mesh of now was ready at
 */
export function scriptOf(golden: string, name: string, shifted: (text: string, readyAt: number) => string): Script {
  const messages = readLines<RecordedMessage>(`${golden}/bus-${name}.jsonl.gz`);
  const frames = readLines<RecordedFrame>(`${golden}/ocpp-${name}.jsonl.gz`);
  const readyAt = messages.find(({ topic }) => topic === 'everest/ready')?.t ?? 0;
  const at = (t: number): number => Math.round((t - readyAt) * 1000);
  const published = messages
    .filter(({ topic }) => driven.test(topic))
    .map(
      ({ t, topic, payload }): Stimulus => ({
        afterMs: at(t),
        after: lastWord(frames, t),
        kind: 'publish',
        topic,
        payload,
      }),
    );
  const called = frames.flatMap(({ t, dir, frame }): Stimulus[] => {
    if (dir !== 'tx' || !Array.isArray(frame) || frame[0] !== 2) return [];
    const payload = JSON.stringify(frame[3]).replace(timestamp, (_, text) => `"${shifted(text, readyAt)}"`);
    return [
      {
        afterMs: at(t),
        after: lastWord(frames, t),
        kind: 'call',
        action: String(frame[2]),
        payload: JSON.parse(payload),
      },
    ];
  });
  return {
    stimuli: [...published, ...called, ...hangUps(messages, frames, at)].sort((a, b) => a.afterMs - b.afterMs),
    lastsMs: at(messages.at(-1)?.t ?? readyAt),
    refused: refusedCards(frames),
  };
}

/** Where the link went although neither the station was told to leave nor the recording was over. */
function hangUps(
  messages: readonly RecordedMessage[],
  frames: readonly RecordedFrame[],
  at: (t: number) => number,
): Stimulus[] {
  const told = messages.filter(({ topic }) => topic === 'everest_api/ocpp/cmd/disconnect').map(({ t }) => t);
  const ends = frames.filter(({ dir, frame }) => dir === 'event' && frame === 'disconnected').slice(0, -1);
  return ends
    .filter(({ t }) => !told.some((when) => when <= t && t - when < HANGS_UP_WITHIN_S))
    .map(({ t }) => ({ afterMs: at(t), after: undefined, kind: 'hang up' }));
}

/** Readings come when they are due, whatever is done. */
function lastWord(frames: readonly RecordedFrame[], at: number): Word | undefined {
  const texts = frames
    .filter(({ t, dir, frame }) => dir === 'rx' && t < at && Array.isArray(frame) && frame[0] === 2)
    .map((frame) => readableFrame(frame)?.text)
    .filter((text) => text !== undefined && !text.startsWith('MeterValues'));
  const text = texts.at(-1);
  return text === undefined ? undefined : { text, times: texts.filter((one) => one === text).length };
}

function refusedCards(frames: readonly RecordedFrame[]): Map<string, string> {
  const asked = new Map<string, string>();
  const refused = new Map<string, string>();
  for (const { frame } of frames) {
    if (!Array.isArray(frame)) continue;
    if (frame[2] === 'Authorize') asked.set(frame[1], frame[3].idTag);
    const card = frame[0] === 3 ? asked.get(frame[1]) : undefined;
    const status = frame[2]?.idTagInfo?.status;
    if (card !== undefined && status !== 'Accepted') refused.set(card, status);
  }
  return refused;
}
