import { type Clock, type Logger, messageOf } from '@chargemesh/base';
import type { Configuration } from '../configuration/configuration.ts';
import type { MeterReading } from '../metering/meter-reading.ts';
import { MeterScheduler } from '../metering/meter-scheduler.ts';
import { type Sample, takeSample } from '../metering/transaction-data.ts';
import type { Transactions } from './transactions.ts';

/** A running transaction's meter is written down this often, for the case that the power goes. */
const REMEMBER_MS = 60_000;

/** What {@link MeterValues} stands on. */
export interface MeterValuesParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly configuration: Configuration;
  readonly transactions: Transactions;
  /** How many connectors there are, 1 … N. */
  readonly connectors: number;
  readonly sendTriggered: (payload: object) => void;
  /** A connector's meter has moved. */
  readonly energy: (connectorId: number, totalWh: number) => void;
}

/** Keeps the newest reading of each connector's meter and makes messages of it when their time comes. @see OCPP 1.6, 3.16 and 4.7 */
export class MeterValues {
  readonly #parts: MeterValuesParts;
  readonly #readings = new Map<number, MeterReading>();
  readonly #offers = new Map<number, { currentA: number; powerW: number }>();
  readonly #rememberedMs = new Map<number, number>();
  #scheduler: MeterScheduler | undefined;

  constructor(parts: MeterValuesParts) {
    this.#parts = parts;
  }

  /** Begins the periodic samples of transactions; the clock-aligned ones wait for {@link startAligned}. */
  start(): void {
    const { clock, configuration, connectors, transactions } = this.#parts;
    this.#scheduler = new MeterScheduler({
      clock,
      connectors,
      configuration,
      due: (connectorId, context) => this.#sample(connectorId, context),
    });
    for (const { connectorId } of transactions.running()) this.#scheduler.transactionStarted(connectorId);
  }

  reading(connectorId: number, reading: MeterReading): void {
    const { clock, transactions, energy } = this.#parts;
    this.#readings.set(connectorId, reading);
    const totalWh = reading.energyImportWh?.total;
    if (totalWh === undefined || !transactions.on(connectorId)) return;
    energy(connectorId, totalWh);
    const dueMs = (this.#rememberedMs.get(connectorId) ?? Number.NEGATIVE_INFINITY) + REMEMBER_MS;
    if (clock.monotonicMs() >= dueMs) this.#remember(connectorId);
  }

  offered(connectorId: number, offer: { currentA: number; powerW: number }): void {
    this.#offers.set(connectorId, offer);
  }

  /** The import register with the time at which it was read last. */
  newest(connectorId: number): { totalWh: number; atMs: number } | undefined {
    const reading = this.#readings.get(connectorId);
    const totalWh = reading?.energyImportWh?.total;
    return reading && totalWh !== undefined ? { totalWh, atMs: reading.timestampMs } : undefined;
  }

  /** The meter's import register as it was read last. */
  totalWh(connectorId: number): number | undefined {
    return this.newest(connectorId)?.totalWh;
  }

  /** A transaction begins or ends: its periodic samples do too. */
  running(connectorId: number, runs: boolean): void {
    this.#rememberedMs.delete(connectorId);
    if (runs) this.#scheduler?.transactionStarted(connectorId);
    else this.#scheduler?.transactionEnded(connectorId);
  }

  /** The CSMS has accepted the charge point: clock-aligned samples begin (C-46). */
  startAligned(): void {
    this.#scheduler?.startAligned();
  }

  /** The end of this run: how far the meters of running transactions are is written down for the next one. */
  stop(): void {
    this.#scheduler?.stop();
    this.#scheduler = undefined;
    for (const { connectorId } of this.#parts.transactions.running()) this.#remember(connectorId);
  }

  /** Whether there is something to tell of a connector. */
  has(connectorId: number): boolean {
    return this.#take(connectorId, 'Trigger')?.message !== undefined;
  }

  /** Sends the present values because the CSMS asked. */
  trigger(connectorId: number): void {
    const meterValue = this.#take(connectorId, 'Trigger')?.message;
    if (!meterValue) return;
    // What the CSMS has seen, a stop after a loss of power must not fall short of.
    this.#remember(connectorId);
    const transactionId = this.#parts.transactions.on(connectorId)?.transactionId;
    this.#parts.sendTriggered({
      connectorId,
      meterValue: [meterValue],
      ...(transactionId === undefined ? {} : { transactionId }),
    });
  }

  /** Writes down how far the meter of a running transaction is. */
  #remember(connectorId: number): void {
    const { clock, transactions } = this.#parts;
    const newest = this.newest(connectorId);
    if (!newest) return;
    this.#rememberedMs.set(connectorId, clock.monotonicMs());
    this.#write(connectorId, () => transactions.measured(connectorId, newest.totalWh, newest.atMs));
  }

  /**
   * The newest reading. A meter that is quiet while nothing flows was read before the transaction began: what it said then is what it says
   * at the beginning, and no sample of a transaction may lie before that.
   */
  #newestReading(connectorId: number): MeterReading | undefined {
    const reading = this.#readings.get(connectorId);
    const startedMs = this.#parts.transactions.on(connectorId)?.startedMs;
    if (!reading || startedMs === undefined || reading.timestampMs >= startedMs) return reading;
    return { ...reading, timestampMs: startedMs };
  }

  #sample(connectorId: number, context: 'Sample.Periodic' | 'Sample.Clock'): void {
    const reading = this.#newestReading(connectorId);
    const sample = this.#take(connectorId, context);
    if (!reading || !sample) {
      this.#parts.log.warn('no meter value to send', { connectorId, context });
      return;
    }
    const { transactions } = this.#parts;
    const totalWh = reading.energyImportWh?.total;
    this.#write(connectorId, () => transactions.sample(connectorId, sample, totalWh, reading.timestampMs));
  }

  /** A disk that does not take a sample costs that sample, and nothing else. */
  #write(connectorId: number, write: () => void): void {
    try {
      write();
    } catch (thrown) {
      this.#parts.log.error('a meter value could not be written down', { connectorId, error: messageOf(thrown) });
    }
  }

  #take(connectorId: number, context: 'Sample.Periodic' | 'Sample.Clock' | 'Trigger'): Sample | undefined {
    const reading = this.#newestReading(connectorId);
    if (!reading) return undefined;
    const { currentA, powerW } = this.#offers.get(connectorId) ?? { currentA: 0, powerW: 0 };
    const offered = { currentOfferedA: currentA, powerOfferedW: powerW, ...reading };
    return takeSample(offered, this.#parts.configuration, context);
  }
}
