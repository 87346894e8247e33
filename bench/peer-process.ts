import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { PeerWord, PumpOrder } from './csms-peer.ts';

/** The other end of an OCPP benchmark, running in a process of its own. */
export class PeerProcess implements Disposable {
  readonly #child: ChildProcess;
  readonly port: number;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(): Promise<PeerProcess> {
    const child = fork(join(import.meta.dirname, 'csms-peer.ts'), { execArgv: ['--conditions=development'] });
    const word = await heard(child);
    if (!('port' in word)) throw new TypeError('the peer does not say where it listens');
    return new PeerProcess(child, word.port);
  }

  /** Lets it send CALLs over the newest connection. Resolves when all are answered. */
  async pump(order: PumpOrder): Promise<void> {
    const done = heard(this.#child);
    this.#child.send(order);
    await done;
  }

  [Symbol.dispose](): void {
    this.#child.disconnect();
  }
}

function heard(child: ChildProcess): Promise<PeerWord> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('the peer has ended'));
    child.once('exit', ended);
    child.once('message', (word) => {
      child.off('exit', ended);
      resolve(word as PeerWord);
    });
  });
}
