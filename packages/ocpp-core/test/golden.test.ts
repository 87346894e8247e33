import { describe, expect, test } from '@jest/globals';
import { hasGolden, type Recorded, recordedFrames, replay } from './support/golden-replay.ts';

/** What other work will answer, or the configuration's own tests compare. */
const elsewhere = [
  'GetConfiguration',
  'GetLocalListVersion',
  'SendLocalList',
  'GetDiagnostics',
  'DiagnosticsStatusNotification',
];

type Frame = readonly unknown[];

/** A frame without what is new in every run: our message ids, and the times of sending. */
function comparable([type, id, ...rest]: Frame): unknown {
  if (type !== 2) return [type, id, ...rest];
  const [action, payload] = rest as [string, Record<string, unknown>];
  // The current in the neutral conductor is told where it is measured (C-43); the reference never fills it.
  const values = JSON.stringify(payload).replace(/\{[^{}]*"phase":"N"[^{}]*\},?/g, '');
  const sendTime = action === 'StatusNotification' || action === 'SecurityEventNotification';
  return [action, sendTime ? { ...payload, timestamp: 'of sending' } : JSON.parse(values)];
}

/** The station's frames, those left out that belong to other work. */
function compared(frames: readonly Frame[], recorded: readonly Recorded[]): unknown[] {
  const ids = new Set(
    recorded.flatMap(({ dir, frame }) => (dir === 'tx' && elsewhere.includes(String(frame[2])) ? [frame[1]] : [])),
  );
  return frames
    .filter(([type, id, action]) => (type === 2 ? !elsewhere.includes(String(action)) : !ids.has(id)))
    .map(comparable);
}

/** Where this station differs from the reference because it was decided so. */
const decided: Record<string, (frames: unknown[]) => unknown[]> = {
  // Two statuses in one instant are both told (C-20).
  misc: (frames) => insertBefore(frames, frames.findIndex(isStop) + 1, status('Finishing')),
  // No Available is told on the way to Unavailable (field case libocpp-809).
  availability: (frames) =>
    frames.filter((frame, at) => !(isStatus(frame, 'Available') && isStatus(frames[at - 1], 'Finishing'))),
};

function insertBefore(frames: readonly unknown[], at: number, frame: unknown): unknown[] {
  return [...frames.slice(0, at), frame, ...frames.slice(at)];
}

function status(name: string): unknown {
  return ['StatusNotification', { connectorId: 1, errorCode: 'NoError', status: name, timestamp: 'of sending' }];
}

function isStatus(frame: unknown, name: string): boolean {
  return JSON.stringify(frame) === JSON.stringify(status(name));
}

function isStop(frame: unknown): boolean {
  return Array.isArray(frame) && frame[0] === 'StopTransaction';
}

/** The reference sometimes sends a MeterValues before it has looked at the answer to StartTransaction; here the id is always there. */
function withTransactionId(frame: unknown): unknown {
  const [action, payload] = Array.isArray(frame) ? frame : [];
  const text = JSON.stringify(payload);
  return action === 'MeterValues' && /Transaction.Begin|Sample.Periodic/.test(text)
    ? [action, { transactionId: 1, ...payload }]
    : frame;
}

(hasGolden ? describe : describe.skip)('the frames of the reference', () => {
  test.each(['session', 'unplugstop', 'remote', 'wsdrop', 'availability', 'misc'])('%s', async (scenario) => {
    const recorded = recordedFrames(scenario);
    const theirs = recorded.flatMap(({ dir, frame }): Frame[] =>
      dir === 'rx' && typeof frame !== 'string' ? [frame] : [],
    );
    const ours = await replay(scenario);
    const wanted = compared(theirs, recorded).map(withTransactionId);
    expect(compared(ours, recorded)).toEqual((decided[scenario] ?? ((frames) => frames))(wanted));
  });
});
