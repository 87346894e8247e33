import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createFrameValidator } from '@chargemesh/ocpp-core';
import { describe, expect, test } from '@jest/globals';
import { checkTranscript, readTranscript } from '../../src/transcript/check-transcript.ts';
import { parseTranscriptLine, transcriptLine } from '../../src/transcript/transcript.ts';
import { START_MS } from '../support/play.ts';

const GOLDEN = new URL('../../../../../shared/reference/golden/', import.meta.url);

describe('a transcript', () => {
  test('is a line of JSON a frame, its bytes as they were', () => {
    const frame = '[2,"a","Authorize",{"idTag": "X", "limit":10.0}]';
    const line = transcriptLine('cp001', 'rx', frame, START_MS + 5);
    expect(line).toBe(`{"t":1785578400.005,"station":"cp001","dir":"rx","frame":${frame}}`);
    expect(parseTranscriptLine(line)).toMatchObject({ station: 'cp001', dir: 'rx', frame: JSON.parse(frame) });
  });

  test('keeps what is no JSON as text, so that it is found again', () => {
    const line = transcriptLine('cp001', 'rx', '[2,"a",\n"broken', START_MS);
    expect(parseTranscriptLine(line)?.frame).toBe('[2,"a",\n"broken');
    expect(checkTranscript([line]).map(({ rule }) => rule)).toEqual(['RPC_NOT_JSON']);
  });

  test('is checked station by station, and from connection to connection', () => {
    const call = (id: string): string => `[2,"${id}","Heartbeat",{}]`;
    const lines = [
      transcriptLine('a', 'event', 'connected /a', START_MS),
      transcriptLine('b', 'event', 'connected /b', START_MS),
      transcriptLine('a', 'rx', call('1'), START_MS),
      transcriptLine('b', 'rx', call('1'), START_MS),
      transcriptLine('a', 'event', 'disconnected', START_MS),
      transcriptLine('a', 'event', 'connected /a', START_MS),
      transcriptLine('a', 'rx', call('2'), START_MS),
      transcriptLine('b', 'rx', call('2'), START_MS + 10),
      '',
      'not a line',
    ];
    const found = readTranscript(lines);
    expect(found).toMatchObject({ lines: 9, unreadable: 1 });
    expect(found.violations).toMatchObject([
      { station: 'b', rule: 'RPC_OUTSTANDING', at: '2026-08-01T10:00:00.010Z', frame: call('2') },
    ]);
  });
});

const recordings = existsSync(GOLDEN) ? readdirSync(GOLDEN).filter((name) => /^ocpp-.*\.jsonl\.gz$/.test(name)) : [];

(recordings.length > 0 ? describe : describe.skip)('recordings of another station', () => {
  test.each(recordings.length > 0 ? recordings : ['none'])('%s has no violation', (name) => {
    const lines = gunzipSync(readFileSync(new URL(name, GOLDEN)))
      .toString()
      .split('\n');
    const found = readTranscript(lines, { validator: createFrameValidator({ strict: true }) });
    expect(found.violations).toEqual([]);
    expect(found.unreadable).toBe(0);
    expect([...found.stations.keys()]).toEqual(['cp001']);
    expect(found.lines).toBeGreaterThan(5);
  });

  test('the ledger of a recorded session is complete', () => {
    const lines = gunzipSync(readFileSync(new URL('ocpp-misc.jsonl.gz', GOLDEN)))
      .toString()
      .split('\n');
    const checker = readTranscript(lines).stations.get('cp001');
    expect(checker?.transactions.transactions).toMatchObject([
      { id: 1, start: { idTag: 'TAG1', meterStartWh: 0 }, stop: { reason: 'Remote', meterStopWh: 53 } },
    ]);
    expect(checker?.transactions.transactions[0]?.meterValues).toBeGreaterThan(5);
    expect(checker?.configuration.view().HeartbeatInterval).toEqual({ value: '300', readonly: false });
    expect(checker?.statuses.view()).toMatchObject([{ connectorId: 0, status: 'Available' }, { connectorId: 1 }]);
  });
});
