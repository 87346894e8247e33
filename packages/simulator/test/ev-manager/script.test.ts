import { describe, expect, test } from '@jest/globals';
import { type CommandName, commands } from '../../src/ev-manager/commands.ts';
import { checkScript, parseScript } from '../../src/ev-manager/script.ts';

const wired = { ev: true, slac: true };
const plain = { ev: false, slac: false };

test('reads commands separated by semicolons and lines, arguments by blanks and commas, in any case', () => {
  expect(parseScript('sleep 1;IEC_wait_pwr_ready\ndraw_power_regulated 16,3; set_soc  80 ;', plain)).toEqual([
    { name: 'sleep', args: ['1'] },
    { name: 'iec_wait_pwr_ready', args: [] },
    { name: 'draw_power_regulated', args: ['16', '3'] },
    { name: 'set_soc', args: ['80'] },
  ]);
});

test.each([
  ['fly away', 'there is no command fly'],
  ['constructor', 'there is no command constructor'],
  ['', 'no command'],
  [' ; ;', 'no command'],
  ['iso_wait_slac_matched', 'needs the requirement slac, which is not connected'],
  ['sleep 1;iso_start_v2g_session ac', 'needs the requirement ev, which is not connected'],
])('refuses %j', (script, reason) => {
  expect(() => parseScript(script, plain)).toThrow(reason);
});

test('refuses a session by ISO 15118 with a wrong number of arguments, and knows one with a right number', () => {
  expect(() => parseScript('iso_start_v2g_session', wired)).toThrow('takes 1 to 4 arguments, not 0');
  expect(() => parseScript('iso_start_v2g_session ac auto 1 2 3', wired)).toThrow('takes 1 to 4 arguments, not 5');
  expect(parseScript('iso_start_v2g_session dc,contract', wired)).toHaveLength(1);
});

test('leaves a wrong number of arguments of other commands to the run', () => {
  expect(parseScript('sleep;unplug 3', plain)).toHaveLength(2);
});

/** The language of the reference: how many arguments a command takes, and what it needs. */
const language: Readonly<Record<CommandName, readonly [least: number, most: number, needs?: 'ev' | 'slac']>> = {
  sleep: [1, 1],
  iec_wait_pwr_ready: [0, 0],
  iso_wait_pwm_is_running: [0, 0],
  iso_wait_slac_matched: [0, 0, 'slac'],
  iso_wait_pwr_ready: [0, 0, 'ev'],
  iso_dc_power_on: [0, 0, 'ev'],
  iso_start_v2g_session: [1, 4, 'ev'],
  draw_power_regulated: [2, 2],
  draw_power_fixed: [2, 2],
  iso_draw_power_regulated: [2, 2, 'ev'],
  pause: [0, 0],
  unplug: [0, 0],
  error_e: [0, 0],
  diode_fail: [0, 0],
  rcd_current: [1, 1],
  iso_stop_charging: [0, 0, 'ev'],
  iso_wait_for_stop: [1, 1, 'ev'],
  iso_wait_v2g_session_stopped: [0, 0, 'ev'],
  iso_pause_charging: [0, 0, 'ev'],
  iso_wait_for_resume: [0, 0, 'ev'],
  iso_start_bcb_toggle: [1, 1],
  wait_for_real_plugin: [0, 0],
  plugin: [0, 0],
  set_soc: [1, 1],
};

test('has the commands of the reference and no others', () => {
  expect(Object.keys(commands).sort()).toEqual(Object.keys(language).sort());
});

describe.each(Object.entries(language))('%s', (name, [least, most, needs]) => {
  const script = (count: number): string => [name, ...Array.from({ length: count }, () => '1')].join(' ');

  test('takes as many arguments as it takes', () => {
    for (let count = least; count <= most; count++) expect(() => checkScript(script(count))).not.toThrow();
    for (const count of [least - 1, most + 1])
      if (count >= 0) expect(() => checkScript(script(count))).toThrow(`not ${count}`);
  });

  test('is known to a car that has what it needs, and refused by one that lacks it', () => {
    const bare = { ev: needs !== 'ev', slac: needs !== 'slac' };
    if (needs === undefined) expect(parseScript(script(least), plain)).toHaveLength(1);
    else expect(() => parseScript(`sleep 1;${script(least)}`, bare)).toThrow(`needs the requirement ${needs}`);
    expect(parseScript(script(least), wired)).toHaveLength(1);
  });
});
