import type { Manifests } from '@chargemesh/contracts';

type Config = Manifests['API']['config'];

/** Configuration keys come in pairs, such as `limits_max_current_decimal_places` and `limits_max_current_round_to`. */
export type Quantity = {
  [K in keyof Config]: K extends `${infer Q}_decimal_places`
    ? `${Q}_round_to` extends keyof Config
      ? Q
      : never
    : never;
}[keyof Config];

/** The most that a number is written with. */
const MOST_DECIMAL_PLACES = 20;

/** Writes a number of a quantity as JSON text, rounded and with as many decimal places as the configuration wants. */
export class Precision {
  readonly #config: Config;

  constructor(config: Config) {
    this.#config = config;
  }

  text(quantity: Quantity, value: number): string {
    const step: number = this.#config[`${quantity}_round_to`];
    const places: number = this.#config[`${quantity}_decimal_places`];
    const rounded = step > 0 ? Math.round(value / step) * step : value;
    return rounded.toFixed(Math.min(places, MOST_DECIMAL_PLACES));
  }
}
