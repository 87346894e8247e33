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
    const hex = Array.from({ length: 32 }, () => this.integer(0, 15).toString(16));
    hex[12] = '4';
    hex[16] = this.integer(8, 11).toString(16);
    const text = hex.join('');
    return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
  }
}
