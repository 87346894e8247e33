import type { Clock, Timer } from '@chargemesh/base';
import type { ErrorListener, MeshError } from '@chargemesh/framework';
import type { ChargePointApi } from '@chargemesh/ocpp-core';
import { connectorError, errorEvse } from './conversions/connector-error.ts';

/** For so long a clear may be the first half of a change: an EVSE that gets another cause of being inoperative clears its error and raises it anew. */
const HALF_A_CHANGE_MS = 100;

/** What {@link ErrorRelay} stands on. */
export interface ErrorRelayPort {
  readonly clock: Clock;
  /** The errors of the mesh that are active. */
  readonly active: () => readonly MeshError[];
  /** Tells the charge point something, now or once it has started. */
  readonly input: (tell: (chargePoint: ChargePointApi) => void) => void;
  /** The OCPP connector of an EVSE's number. */
  readonly connectorOf: (evse: number) => number;
}

interface HeldClear {
  readonly timer: Timer;
  readonly tell: () => void;
}

/**
 * Tells the charge point the errors of the mesh. A connector whose fault only changes its causes is Faulted all the while: between a clear and the
 * raise that follows it nobody is told that it is available.
 */
export class ErrorRelay implements ErrorListener {
  readonly #port: ErrorRelayPort;
  readonly #held = new Map<string, HeldClear>();

  constructor(port: ErrorRelayPort) {
    this.#port = port;
  }

  raised(error: MeshError): void {
    this.#port.input((point) => this.tell(point, error));
    this.#finish(identity(error));
  }

  cleared(error: MeshError): void {
    const { clock, input } = this.#port;
    const tell = (): void => input((point) => point.errorCleared(this.#connectorOf(error), error.uuid));
    if (!connectorError(error).fault || !this.#hasOther(error)) {
      tell();
      return;
    }
    const key = identity(error);
    this.#finish(key);
    this.#held.set(key, { tell, timer: clock.setTimer(HALF_A_CHANGE_MS, () => this.#finish(key)) });
  }

  /** Tells a charge point of an error that is active. */
  tell(point: ChargePointApi, error: MeshError): void {
    point.errorRaised(this.#connectorOf(error), connectorError(error));
  }

  close(): void {
    for (const { timer } of this.#held.values()) timer.cancel();
    this.#held.clear();
  }

  #finish(key: string): void {
    const held = this.#held.get(key);
    if (!held) return;
    this.#held.delete(key);
    held.timer.cancel();
    held.tell();
  }

  /** Whether something else is wrong at its connector, which may be another cause of it. */
  #hasOther(error: MeshError): boolean {
    const connector = this.#connectorOf(error);
    return this.#port.active().some((other) => this.#connectorOf(other) === connector);
  }

  #connectorOf({ origin }: MeshError): number {
    return this.#port.connectorOf(errorEvse(origin.mapping));
  }
}

function identity({ type, sub_type, origin }: MeshError): string {
  return [type, sub_type, origin.module_id, origin.implementation_id].join('\n');
}
