import type { ConfigPath } from './finding.ts';
import type { Part, YamlFile } from './yaml-file.ts';

/** A place in one of several files. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The files that a configuration was laid together from, the uppermost first. Tells where a path of the result was written. */
export class Sources {
  readonly #files: readonly YamlFile[];

  constructor(files: readonly YamlFile[]) {
    this.#files = files;
  }

  /** Where the path was written, or, where nothing is written for it, where its nearest parent was. */
  locate(path: ConfigPath, part: Part = 'value'): SourcePlace {
    for (let length = path.length; length >= 0; length--) {
      const steps = path.slice(0, length);
      for (const file of this.#files) {
        const place = file.find(steps, length === path.length ? part : 'key');
        if (place) return { file: file.path, ...place };
      }
    }
    return { file: this.#files.at(-1)?.path ?? '', line: 1, column: 1 };
  }

  /** A scalar as it was written, without quotes; undefined where it was quoted. */
  plainText(path: ConfigPath): string | undefined {
    for (const file of this.#files) if (file.find(path, 'value')) return file.plainText(path);
    return undefined;
  }
}
