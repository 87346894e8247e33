import { jest } from '@jest/globals';
import { main } from '../src/index.ts';

/** What came of a command. */
export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command in this process, with what it prints caught. */
export async function runCli(...args: readonly string[]): Promise<CliRun> {
  const texts = { out: '', err: '' };
  const catchInto = (key: 'out' | 'err') => (text: string | Uint8Array) => {
    texts[key] += String(text);
    return true;
  };
  const out = jest.spyOn(process.stdout, 'write').mockImplementation(catchInto('out'));
  const err = jest.spyOn(process.stderr, 'write').mockImplementation(catchInto('err'));
  try {
    const code = await main(['node', 'chargemesh', ...args]);
    return { code, ...texts };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}
