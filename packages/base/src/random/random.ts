import { randomInt, randomUUID } from 'node:crypto';

/** The only source of chance in the mesh, so that a run in virtual time can be repeated from its seed. */
export interface Random {
  /** A version 4 UUID, 36 characters. */
  uuid(): string;
  /** An integer in `min` … `max`, both included. */
  integer(min: number, max: number): number;
  /** A number in [0, 1). */
  real(): number;
}

/** Chance from the operating system. */
export const systemRandom: Random = {
  uuid: () => randomUUID(),
  integer: (min, max) => randomInt(min, max + 1),
  real: () => randomInt(2 ** 32) / 2 ** 32,
};

/** Chance that is the same for the same seed (mulberry32). Not for keys or passwords. */
export class SeededRandom implements Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  real(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  integer(min: number, max: number): number {
    return min + Math.floor(this.real() * (max - min + 1));
  }

  uuid(): string {
    const word = (): string => (this.real() * 2 ** 32).toString(16).padStart(8, '0');
    const [first, second, third, fourth] = [word(), word(), word(), word()];
    const variant = '89ab'[this.integer(0, 3)];
    return `${first}-${second.slice(0, 4)}-4${second.slice(5)}-${variant}${third.slice(1, 4)}-${third.slice(4)}${fourth}`;
  }
}
