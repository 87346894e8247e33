import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { loadContracts, repositoryFolder } from '@chargemesh/contracts';
import { describe, expect, test } from '@jest/globals';
import { Precision } from '../../src/api/precision.ts';
import { capabilitiesText, limitsText, powermeterText, telemetryText } from '../../src/api/readings.ts';
import { SessionInfo } from '../../src/api/session-info.ts';

const file = join(
  process.env.CHARGEMESH_SHARED ?? resolve(repositoryFolder, '../shared'),
  'reference/golden/bus-api.jsonl.gz',
);

interface Recorded {
  readonly t: number;
  readonly topic: string;
  readonly payload: string;
}

const recorded = (): Recorded[] =>
  gunzipSync(readFileSync(file))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
/** The value of a message of the mesh. */
const dataOf = (payload: string) => JSON.parse(payload).data.data;

(existsSync(file) ? describe : describe.skip)('what EVerest published is what we make of the same', () => {
  const said = 'everest_api/connector_1/var/';
  const heard = 'everest/modules/connector_1/impl/evse/';
  const defaults = Object.fromEntries(
    Object.entries(loadContracts().manifest('API').config).map(([key, { default: value }]) => [key, value]),
  );
  // biome-ignore lint/suspicious/noExplicitAny: the manifest says what its defaults are
  const precision = new Precision(defaults as any);
  const texts: Readonly<Record<string, (value: never) => string>> = {
    powermeter: (value) => powermeterText(value, precision),
    limits: (value) => limitsText(value, precision),
    hw_capabilities: (value) => capabilitiesText(value, precision),
    // The relay under its own name is ours.
    telemetry: (value) => telemetryText(value, precision).replace(/"relais_on": \w+,/, ''),
  };

  test.each([
    ['powermeter', 'powermeter'],
    ['limits', 'limits'],
    ['hw_capabilities', 'hardware_capabilities'],
    ['telemetry', 'telemetry'],
  ])('%s', (variable, topic) => {
    const messages = recorded();
    const known = new Set(messages.filter((message) => message.topic === said + topic).map(({ payload }) => payload));
    const made = messages
      .filter((message) => message.topic === `${heard}var/${variable}`)
      .map(({ payload }) => texts[variable]?.(dataOf(payload) as never));
    expect(made.length).toBeGreaterThan(0);
    expect(made.filter((text) => !known.has(text ?? ''))).toEqual([]);
  });

  test('session_info', () => {
    const session = new SessionInfo();
    let fault = false;
    let compared = 0;
    for (const { t, topic, payload } of recorded()) {
      if (topic === `${heard}var/session_event`) session.take(dataOf(payload), t * 1000);
      else if (topic === `${heard}var/powermeter`) session.read(dataOf(payload), t * 1000);
      else if (topic === `${heard}error/evse_manager/Inoperative`) fault = JSON.parse(payload).data.state === 'Active';
      else if (topic === `${said}session_info`) {
        compared++;
        expect(session.text(fault, JSON.parse(payload).datetime)).toBe(payload);
      }
    }
    expect(compared).toBe(50);
  });
});
