import type { Clock, Timer } from '@chargemesh/base';
import type { Configuration } from '../configuration/configuration.ts';

/** What {@link MeterScheduler} stands on. */
export interface MeterSchedulerParts {
  readonly clock: Clock;
  readonly configuration: Pick<Configuration, 'get' | 'onChange'>;
  /** How many connectors there are, 1 … N. */
  readonly connectors: number;
  /** A sample of this connector is due. */
  readonly due: (connectorId: number, context: 'Sample.Periodic' | 'Sample.Clock') => void;
}

const DAY_MS = 86_400_000;

/**
 * Says when meters are to be sampled: every MeterValueSampleInterval in a transaction, on monotonic time, and for all connectors every
 * ClockAlignedDataInterval, on wall time counted from 00:00 UTC. Changes of both intervals count at once; 0 is off.
 * @see OCPP 1.6, 3.14 Meter data
 */
export class MeterScheduler {
  readonly #parts: MeterSchedulerParts;
  readonly #sampled = new Map<number, Timer | undefined>();
  readonly #subscriptions: readonly { cancel(): void }[];
  #aligned: Timer | undefined;
  #alignedOn = false;
  /** The boundary that the aligned timer waits for, epoch milliseconds. */
  #targetMs = 0;
  /** The boundary that was sampled last. */
  #doneMs: number | undefined;

  constructor(parts: MeterSchedulerParts) {
    this.#parts = parts;
    const { clock, configuration } = parts;
    this.#subscriptions = [
      configuration.onChange('MeterValueSampleInterval', () => this.#rearmSampled()),
      configuration.onChange('ClockAlignedDataInterval', () => this.#armAligned()),
      clock.onWallJump((deltaMs) => this.#jumped(deltaMs)),
    ];
  }

  /** Begins the clock-aligned samples: to be called once the CSMS has accepted this charge point (C-46). Again does nothing. */
  startAligned(): void {
    if (this.#alignedOn) return;
    this.#alignedOn = true;
    this.#armAligned();
  }

  /** A transaction runs on this connector now: the first sample comes one interval later. */
  transactionStarted(connectorId: number): void {
    this.transactionEnded(connectorId);
    this.#sampled.set(connectorId, this.#sampleTimer(connectorId));
  }

  /** No transaction runs on this connector any more. */
  transactionEnded(connectorId: number): void {
    this.#sampled.get(connectorId)?.cancel();
    this.#sampled.delete(connectorId);
  }

  /** Stops everything for good. */
  stop(): void {
    for (const subscription of this.#subscriptions) subscription.cancel();
    for (const connectorId of [...this.#sampled.keys()]) this.transactionEnded(connectorId);
    this.#alignedOn = false;
    this.#aligned?.cancel();
  }

  #sampleTimer(connectorId: number): Timer | undefined {
    const intervalS = this.#parts.configuration.get('MeterValueSampleInterval');
    if (intervalS <= 0) return undefined;
    return this.#parts.clock.setPeriodic(intervalS * 1000, () => this.#parts.due(connectorId, 'Sample.Periodic'));
  }

  #rearmSampled(): void {
    for (const connectorId of [...this.#sampled.keys()]) this.transactionStarted(connectorId);
  }

  get #alignedMs(): number {
    return this.#parts.configuration.get('ClockAlignedDataInterval') * 1000;
  }

  #armAligned(): void {
    this.#aligned?.cancel();
    this.#aligned = undefined;
    const periodMs = this.#alignedMs;
    if (!this.#alignedOn || periodMs <= 0) return;
    const nowMs = this.#parts.clock.wallMs();
    this.#targetMs = nextBoundary(nowMs, periodMs);
    // A clock that was set back by a little meets its last boundary again: once is enough.
    if (this.#targetMs === this.#doneMs) this.#targetMs = nextBoundary(this.#targetMs, periodMs);
    this.#wait();
  }

  #wait(): void {
    const { clock } = this.#parts;
    this.#aligned = clock.setTimer(this.#targetMs - clock.wallMs(), () => {
      // Timers may run ahead of the wall clock by a fraction.
      if (clock.wallMs() < this.#targetMs) this.#wait();
      else this.#sampleAll();
    });
  }

  #sampleAll(): void {
    this.#doneMs = this.#targetMs;
    this.#armAligned();
    for (let connectorId = 1; connectorId <= this.#parts.connectors; connectorId++)
      this.#parts.due(connectorId, 'Sample.Clock');
  }

  #jumped(deltaMs: number): void {
    if (!this.#aligned) return;
    const passed = this.#parts.clock.wallMs() >= this.#targetMs;
    // A correction that steps over a boundary must not leave a hole; after a leap there is nothing to make up for.
    if (passed && deltaMs < this.#alignedMs) {
      this.#aligned.cancel();
      this.#sampleAll();
    } else this.#armAligned();
  }
}

/** The first boundary after `nowMs`. Each day counts anew from 00:00 UTC, so that an interval which does not divide a day stays aligned. */
function nextBoundary(nowMs: number, periodMs: number): number {
  if (periodMs >= DAY_MS) return (Math.floor(nowMs / periodMs) + 1) * periodMs;
  const midnightMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const steps = Math.floor((nowMs - midnightMs) / periodMs) + 1;
  return midnightMs + Math.min(steps * periodMs, DAY_MS);
}
