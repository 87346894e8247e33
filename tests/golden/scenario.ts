import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Something that was done to the reference while it was recorded, at a time after the mesh was ready. */
export type Stimulus =
  | { readonly afterMs: number; readonly kind: 'publish'; readonly topic: string; readonly payload: string }
  | { readonly afterMs: number; readonly kind: 'call'; readonly action: string; readonly payload: unknown };

/** An OCPP frame of a recording. */
export interface RecordedFrame {
  readonly t: number;
  readonly dir: 'rx' | 'tx' | 'event';
  readonly frame: unknown;
}

interface RecordedMessage {
  readonly t: number;
  readonly topic: string;
  readonly payload: string;
}

const driven =
  /^(everest_api\/dummy_token_provider\/cmd\/provide|everest_external\/nodered\/\d+\/carsim\/(cmd\/.*|error))$/;

export function readLines<T>(file: string): T[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** What was done in a recorded scenario, and how long it lasted after the mesh was ready. */
export function stimuliOf(golden: string, name: string): { stimuli: Stimulus[]; lastsMs: number } {
  const messages = readLines<RecordedMessage>(`${golden}/bus-${name}.jsonl.gz`);
  const frames = readLines<RecordedFrame>(`${golden}/ocpp-${name}.jsonl.gz`);
  const readyAt = messages.find(({ topic }) => topic === 'everest/ready')?.t ?? 0;
  const at = (t: number): number => Math.round((t - readyAt) * 1000);
  const published = messages
    .filter(({ topic }) => driven.test(topic))
    .map(({ t, topic, payload }): Stimulus => ({ afterMs: at(t), kind: 'publish', topic, payload }));
  const called = frames.flatMap(({ t, dir, frame }): Stimulus[] => {
    if (dir !== 'tx' || !Array.isArray(frame) || frame[0] !== 2) return [];
    return [{ afterMs: at(t), kind: 'call', action: String(frame[2]), payload: frame[3] }];
  });
  return {
    stimuli: [...published, ...called].sort((a, b) => a.afterMs - b.afterMs),
    lastsMs: at(messages.at(-1)?.t ?? readyAt),
  };
}
