import { RealClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { Program } from '../../../src/world/real/program.ts';

const program = (source: string): Program =>
  new Program({ command: process.execPath, args: ['-e', source] }, ['up'], new RealClock());
const untilEnded = async (one: Program): Promise<void> => {
  while (one.running || one.troubles.length === 0) await new RealClock().sleep(10);
};

test('a rejection that nobody caught is told, of a program that was started by this one too', async () => {
  const crash = JSON.stringify("Promise.reject(new Error('lost'))");
  const one = program(
    `require('node:child_process').spawnSync(process.execPath, ['-e', ${crash}], { stdio: 'inherit' }); setInterval(() => {}, 1000);`,
  );
  while (one.troubles.length === 0) await new RealClock().sleep(10);
  await one.end('SIGKILL');
  expect(one.troubles.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^an error was not caught; .*Error: lost/s),
  ]);
});

test('an end that nobody asked for is told', async () => {
  const one = program("console.log('enough'); process.exitCode = 1;");
  await untilEnded(one);
  expect(one.troubles.map(({ message }) => message)).toEqual(['up ended by itself with 1; it said last:\nenough']);
});

test('an end that was asked for is none', async () => {
  const one = program("process.on('SIGINT', () => process.exit(1)); console.log('on'); setInterval(() => {}, 1000);");
  while (!one.said.includes('on')) await new RealClock().sleep(10);
  await one.end('SIGINT');
  expect(one.troubles).toEqual([]);
});
