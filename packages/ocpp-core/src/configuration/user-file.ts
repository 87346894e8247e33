import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, syncFolder } from '@chargemesh/base';
import type { JsonObject } from './merge-patch.ts';
import { OcppConfigurationError } from './ocpp-configuration-error.ts';

/** The file of UserConfigPath. A reader meets the old content or the new one, never half of it, whenever the power goes. */
export class UserFile {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * The file, made where it does not exist: better to know at the start that nothing can be kept than at the first change.
   * @throws OcppConfigurationError
   */
  static open(path: string): UserFile {
    const file = new UserFile(path);
    if (existsSync(path)) return file;
    try {
      file.write({});
      return file;
    } catch (thrown) {
      throw new OcppConfigurationError([
        {
          severity: 'error',
          file: path,
          line: 1,
          column: 1,
          path: '',
          code: 'OCPP_CONFIG_FILE',
          message: `the file cannot be written: ${messageOf(thrown)}`,
          remedy: 'UserConfigPath says where changes are kept',
        },
      ]);
    }
  }

  /** @throws as node:fs does */
  write(content: JsonObject): void {
    const folder = dirname(this.#path);
    mkdirSync(folder, { recursive: true });
    const draft = `${this.#path}.new`;
    // Passwords are in it.
    const file = openSync(draft, 'w', 0o600);
    try {
      writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, this.#path);
    syncFolder(folder);
  }
}
