import { type Clock, formatTimestamp, type Random } from '@chargemesh/base';

/** Makes names for new files that no file had before: time, and something random. */
export class FileNames {
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** @param label what the file is, such as `SECC_LEAF` */
  make(label: string, extension: string): string {
    const time = formatTimestamp(this.#clock.wallMs()).replaceAll(/[-:.]/g, '');
    return `${label}_${time}_${this.#random.uuid().slice(0, 8)}${extension}`;
  }
}
