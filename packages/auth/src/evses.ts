import type { types } from '@chargemesh/contracts';
import type { Evse } from './evse.ts';

/** The EVSEs of the station, in the order of the configuration. */
export class Evses {
  readonly #all: Evse[] = [];

  get all(): readonly Evse[] {
    return this.#all;
  }

  add(evse: Evse): void {
    this.#all.push(evse);
  }

  find(id: number): Evse | undefined {
    return this.#all.find((evse) => evse.id === id);
  }

  /** The EVSEs that a token may be used at: those that it names, or all, without those that are out of service. */
  referenced(token: types.authorization.ProvidedIdToken): Evse[] {
    const { connectors: named } = token;
    return this.#all.filter((evse) => !evse.outOfService && (!named || named.includes(evse.id)));
  }
}
