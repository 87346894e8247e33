import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of files for one test. */
export class ConfigurationFolder implements Disposable {
  readonly #path: string = mkdtempSync(join(tmpdir(), 'ocpp-configuration-'));

  /** The path of a file here, whether or not it exists. */
  at(name: string): string {
    return join(this.#path, name);
  }

  /** Writes a text as it is, everything else as JSON. @returns the path */
  write(name: string, content: unknown): string {
    writeFileSync(this.at(name), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    return this.at(name);
  }

  read(name: string): unknown {
    return JSON.parse(readFileSync(this.at(name), 'utf8'));
  }

  [Symbol.dispose](): void {
    rmSync(this.#path, { recursive: true });
  }
}
