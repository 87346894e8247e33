import { expect, test } from '@jest/globals';
import { parseScript } from '../../src/ev-manager/script.ts';

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
