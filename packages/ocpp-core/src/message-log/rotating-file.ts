import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Clock, formatTimestamp } from '@chargemesh/base';

/** When a file is full, and what becomes of it then. */
export interface Rotation {
  /** 0: never full. */
  readonly maximumBytes: number;
  /** How many full files are kept beside the present one; 0: all. */
  readonly maximumFiles: number;
  /** Name full files by the time at which they became so, instead of `.0` (the newest), `.1`, … . */
  readonly dateSuffix: boolean;
}

/** What a {@link RotatingFile} stands on. */
export interface RotatingFileOptions {
  readonly path: string;
  readonly rotation: Rotation;
  readonly clock: Pick<Clock, 'wallMs'>;
  /** The first line of every file. */
  readonly head?: string;
  /** A full file was deleted to make room. For a security log that is an event of its own. */
  readonly onDeleted?: (path: string) => void;
}

/** A file of lines that begins anew when it is full. */
export class RotatingFile {
  readonly #options: RotatingFileOptions;
  #file: number | undefined;
  #bytes = 0;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
  }

  /** Whether there is a file by now. */
  get written(): boolean {
    return this.#bytes > 0;
  }

  /** Puts a line at the end. @throws as node:fs does */
  append(line: string): void {
    const text = Buffer.from(`${line}\n`);
    const { maximumBytes } = this.#options.rotation;
    this.#open();
    if (maximumBytes > 0 && this.#bytes > this.#headBytes && this.#bytes + text.length > maximumBytes) {
      this.#rotate();
      this.#open();
    }
    this.#put(text);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #open(): void {
    if (this.#file !== undefined) return;
    mkdirSync(dirname(this.#options.path), { recursive: true });
    this.#file = openSync(this.#options.path, 'a', 0o640);
    this.#bytes = fstatSync(this.#file).size;
    if (this.#bytes === 0 && this.#options.head !== undefined) this.#put(Buffer.from(`${this.#options.head}\n`));
  }

  /** A file that holds nothing more is not full. */
  get #headBytes(): number {
    const { head } = this.#options;
    return head === undefined ? 0 : Buffer.byteLength(head) + 1;
  }

  #put(text: Uint8Array): void {
    if (this.#file === undefined) return;
    for (let written = 0; written < text.length; ) written += writeSync(this.#file, text, written);
    this.#bytes += text.length;
  }

  #rotate(): void {
    this.close();
    if (this.#options.rotation.dateSuffix) this.#rotateByDate();
    else this.#rotateByNumber();
  }

  #rotateByNumber(): void {
    const { path } = this.#options;
    let last = 0;
    while (existsSync(`${path}.${last}`)) last++;
    for (let number = last; number > 0; number--) renameSync(`${path}.${number - 1}`, `${path}.${number}`);
    renameSync(path, `${path}.0`);
    const { maximumFiles } = this.#options.rotation;
    if (maximumFiles > 0) for (let number = maximumFiles; number <= last; number++) this.#delete(`${path}.${number}`);
  }

  #rotateByDate(): void {
    const { path, clock, rotation } = this.#options;
    const stamp = formatTimestamp(clock.wallMs()).replaceAll(/[-:]/g, '');
    let target = `${path}.${stamp}`;
    for (let number = 1; existsSync(target); number++) target = `${path}.${stamp}-${number}`;
    renameSync(path, target);
    if (rotation.maximumFiles === 0) return;
    const folder = dirname(path);
    const full = readdirSync(folder)
      .filter((name) => name.startsWith(`${basename(path)}.`))
      .sort();
    for (const name of full.slice(0, Math.max(0, full.length - rotation.maximumFiles)))
      this.#delete(join(folder, name));
  }

  #delete(path: string): void {
    rmSync(path, { force: true });
    this.#options.onDeleted?.(path);
  }
}
