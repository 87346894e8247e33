import { type Clock, formatTimestamp, type Logger, messageOf, within } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';

type SignedValue = types.units_signed.SignedMeterValue;

/** The meter's own transactions. Each call may reject. */
export interface MeterPort {
  start(request: types.powermeter.TransactionReq): Promise<types.powermeter.TransactionStartResponse>;
  stop(transactionId: string): Promise<types.powermeter.TransactionStopResponse>;
}

/** How the meter took the start of a transaction. A meter that knows no transactions has begun one as well as it can. */
export type MeterStart =
  | { readonly begun: true; readonly signedValue: SignedValue | undefined }
  | { readonly begun: false; readonly reason: string };

/** The signed values of a transaction's ends, as far as the meter gives any. */
export interface MeterStop {
  readonly startValue: SignedValue | undefined;
  readonly stopValue: SignedValue | undefined;
}

/** The meter that the customer's bill is made from, with its last value at hand. There may be none. */
export class BillingMeter {
  readonly #port: MeterPort | undefined;
  readonly #clock: Clock;
  readonly #log: Logger;
  #latest: types.powermeter.Powermeter | undefined;
  readonly #first = Promise.withResolvers<void>();

  constructor(port: MeterPort | undefined, { clock, log }: { clock: Clock; log: Logger }) {
    this.#port = port;
    this.#clock = clock;
    this.#log = log;
  }

  take(value: types.powermeter.Powermeter): void {
    this.#latest = value;
    this.#first.resolve();
  }

  /** The last value; without a meter, or before it has spoken, a register of 0. */
  value(): types.powermeter.Powermeter {
    return this.#latest ?? { timestamp: formatTimestamp(this.#clock.wallMs()), energy_Wh_import: { total: 0 } };
  }

  /** Waits for a first value, so that a session does not begin with a register of 0. Gives up after `timeoutMs`. */
  async awaitFirstValue(timeoutMs: number): Promise<void> {
    if (!this.#port || this.#latest) return;
    if ((await within(this.#clock, timeoutMs, this.#first.promise)) === 'late')
      this.#log.warn(`the meter gave no value within ${timeoutMs} ms`);
  }

  async start(request: types.powermeter.TransactionReq): Promise<MeterStart> {
    if (!this.#port) return { begun: true, signedValue: undefined };
    try {
      const { status, error, signed_meter_value } = await this.#port.start(request);
      if (status === 'UNEXPECTED_ERROR') return { begun: false, reason: error ?? status };
      return { begun: true, signedValue: signed_meter_value };
    } catch (error) {
      return { begun: false, reason: messageOf(error) };
    }
  }

  async stop(transactionId: string): Promise<MeterStop> {
    const nothing: MeterStop = { startValue: undefined, stopValue: undefined };
    if (!this.#port) return nothing;
    try {
      const { status, error, start_signed_meter_value, signed_meter_value } = await this.#port.stop(transactionId);
      if (status === 'OK') return { startValue: start_signed_meter_value, stopValue: signed_meter_value };
      // Closing what is not open is no failure, nor is a meter without transactions.
      if (status === 'UNEXPECTED_ERROR' && transactionId !== '')
        this.#log.warn(`the meter did not end transaction ${transactionId}: ${error ?? status}`);
    } catch (error) {
      this.#log.warn(`the meter did not end transaction ${transactionId}: ${messageOf(error)}`);
    }
    return nothing;
  }
}
