import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { until } from '../e2e/mesh-process.ts';

/** A machine that takes longer than this is stopped by the tool that runs it, whatever becomes of us. */
const LIFE_S = 300;
/** Its processor is emulated: a command of the CLI takes seconds. */
const COMMAND_WITHIN_MS = 90_000;

const root = resolve(import.meta.dirname, '../..');
const programs = {
  NODE: process.execPath,
  /** What `./mesh` runs. */
  PROGRAM: join(root, 'packages/cli/bundle/current/main.js'),
};

/** What all starts of a machine have in common. */
export interface MachineSetup {
  /** The program that runs a command in a virtual machine. */
  readonly tool: string;
  /** An image, made where there is none: what outlives the machine. */
  readonly disk: string;
  /** The folder that the machine shares with us, in it `wire.cjs`, the machine's end of the wire. */
  readonly shared: string;
}

/** One start of a virtual machine in which a station runs, and one end of it. */
export class VirtualMachine {
  readonly #child: ChildProcess;
  readonly #box: string;
  #commands = 0;

  private constructor(child: ChildProcess, box: string) {
    this.#child = child;
    this.#box = box;
  }

  /** @param start the number of this start, from 1 */
  static start({ tool, disk, shared }: MachineSetup, start: number): VirtualMachine {
    const box = join(shared, String(start));
    mkdirSync(box, { recursive: true });
    const child = spawn(tool, [resolve(import.meta.dirname, 'station.sh'), String(start)], {
      env: {
        PATH: process.env.PATH,
        ...programs,
        HARDWARE_VM_DISK: disk,
        HARDWARE_VM_OUT: shared,
        HARDWARE_VM_SECONDS: String(LIFE_S),
      },
      stdio: 'inherit',
    });
    return new VirtualMachine(child, box);
  }

  /** Runs a command of the CLI in the machine. @returns what it printed @throws when it fails */
  async do(...words: string[]): Promise<string> {
    const file = this.#send(...words);
    await until(`"${words.join(' ')}" in the machine`, async () => existsSync(`${file}.end`), COMMAND_WITHIN_MS);
    const status = readFileSync(`${file}.end`, 'utf8').trim();
    const printed = readFileSync(`${file}.log`, 'utf8');
    if (status !== '0') throw new Error(`${words.join(' ')} ended with ${status}: ${printed}`);
    return printed;
  }

  get runs(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get stationRuns(): boolean {
    return this.runs && !existsSync(join(this.#box, 'up.end'));
  }

  /** Cuts the power: whatever the machine had not flushed to its disk is lost. */
  async cutPower(): Promise<void> {
    const emulator = descendants(this.#child.pid ?? -1).find((pid) => nameOf(pid).startsWith('qemu-system'));
    if (emulator === undefined) throw new Error('the machine does not run');
    process.kill(emulator, 'SIGKILL');
    await once(this.#child, 'exit');
  }

  /** What `up` printed. */
  get said(): string {
    const log = join(this.#box, 'up.log');
    return existsSync(log) ? readFileSync(log, 'utf8') : '';
  }

  #send(...words: string[]): string {
    const file = join(this.#box, String(++this.#commands));
    writeFileSync(`${file}.new`, `${words.join(' ')}\n`);
    renameSync(`${file}.new`, file);
    return file;
  }
}

function descendants(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function nameOf(pid: number): string {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
}
