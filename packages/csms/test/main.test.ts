import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

function run(...words: string[]): ReturnType<typeof spawn> {
  return spawn(process.execPath, ['--conditions=development', MAIN, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
}

describe('the CSMS as a process', () => {
  test('prints its address, takes a station, and ends well on SIGTERM', async () => {
    const child = run('--port', '0');
    const [line] = child.stdout === null ? [] : await once(child.stdout, 'data');
    const url = String(line).trim();
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);
    const station = new WebSocket(`${url}/cp001`, ['ocpp1.6']);
    await once(station, 'open');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  }, 20_000);

  test('says in one line what is wrong with its command line', async () => {
    const child = run('--port', 'x');
    let said = '';
    child.stderr?.on('data', (data) => {
      said += String(data);
    });
    expect((await once(child, 'close'))[0]).toBe(1);
    expect(said).toBe('--port is 0 to 65535, not x\n');
  }, 20_000);
});
