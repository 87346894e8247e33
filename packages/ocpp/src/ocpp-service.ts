import {
  type Clock,
  formatTimestamp,
  type Logger,
  messageOf,
  PatientWrites,
  type Random,
  type Store,
  within,
} from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import {
  ChargePoint,
  type ChargePointApi,
  type ChargePointEvents,
  type ChargePointIdentity,
  type Configuration,
  type MeterReading,
  type Station,
  type TransportFactory,
} from '@chargemesh/ocpp-core';

type BootReason = types.system.BootReason;

/** What a charge point stands on, for as many lives as the module gives it. */
export interface OcppServicePort {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly store: Store;
  readonly configuration: Configuration;
  readonly transport: TransportFactory;
  readonly station: Station;
  readonly connectors: number;
  /** What the charger itself says it is; may be filled in until the start. */
  readonly identity: Partial<ChargePointIdentity>;
  readonly messageQueueResumeDelayS: number;
  /** The same from the mesh's start to its end, where there is a manager to say so. */
  readonly run: string | undefined;
  /** Tells a charge point which errors are active: one that begins a new life while the mesh goes on. */
  readonly tellErrors: (chargePoint: ChargePointApi) => void;
  /** Wires a new charge point's events. */
  readonly onCreated: (chargePoint: ChargePointApi) => void;
}

/**
 * The life of the charge point in the module: inputs that arrive before it has started wait, in order (C-06); of those that arrive while
 * it is stopped, what tells of sessions waits as well; `restart` begins a new life on the same database (C-85).
 */
export class OcppService {
  readonly #port: OcppServicePort;
  #chargePoint: ChargePoint;
  #state: 'waiting' | 'running' | 'stopped' = 'waiting';
  readonly #started = Promise.withResolvers<void>();
  readonly #waiting: ((chargePoint: ChargePointApi) => void)[] = [];
  readonly #writes: PatientWrites;

  constructor(port: OcppServicePort) {
    this.#port = port;
    this.#writes = new PatientWrites(port.clock, port.log);
    this.#chargePoint = this.#create();
  }

  get chargePoint(): ChargePointApi {
    return this.#chargePoint;
  }

  get running(): boolean {
    return this.#state === 'running';
  }

  /** Waits for a start that is under way, no longer than that. @returns whether it is running then */
  async startsWithin(limitMs: number): Promise<boolean> {
    if (this.#state === 'waiting') await within(this.#port.clock, limitMs, this.#started.promise);
    return this.running;
  }

  /** Tells the charge point something, now or once it has started. */
  input(tell: (chargePoint: ChargePointApi) => void): void {
    if (this.#state === 'waiting') this.#waiting.push(tell);
    else if (this.#state === 'running') tell(this.#chargePoint);
  }

  /**
   * As {@link input}, for what may not be lost: while the charge point is stopped it waits for the next life, and while the disk takes
   * nothing until it does.
   * @param tell has to bear being tried again
   */
  keep(tell: (chargePoint: ChargePointApi) => void): void {
    if (this.#state === 'running') this.#writes.write(() => this.#tellKept(tell));
    else this.#waiting.push(() => this.#writes.write(() => this.#tellKept(tell)));
  }

  /** It may have waited for the disk until the charge point was stopped. */
  #tellKept(tell: (chargePoint: ChargePointApi) => void): void {
    if (this.#state === 'running') tell(this.#chargePoint);
    else this.keep(tell);
  }

  /** As {@link input}, for what is news only at its moment: before the start the last one counts. */
  reading(connectorId: number, reading: MeterReading): void {
    if (this.#state !== 'stopped') this.#chargePoint.meterReading(connectorId, reading);
  }

  init(): void {
    this.#chargePoint.init();
  }

  /** Starts the charge point, as soon as the disk takes what a start writes. */
  start(reason: BootReason): void {
    this.#state = 'waiting';
    this.#writes.write(() => this.#start(reason));
  }

  #start(reason: BootReason): void {
    this.#chargePoint.start(reason);
    this.#state = 'running';
    this.#started.resolve();
    for (const tell of this.#waiting.splice(0)) this.#tell(tell);
  }

  /** @returns false where it is not running */
  async stop(options?: { stopTransactions?: boolean }): Promise<boolean> {
    if (this.#state !== 'running') return false;
    this.#state = 'stopped';
    await this.#chargePoint.stop(options);
    return true;
  }

  /** @returns false where it was not stopped before */
  restart(): boolean {
    if (this.#state !== 'stopped') return false;
    this.#chargePoint = this.#create();
    this.#chargePoint.init();
    // Before the boot, which is followed by the state of each connector.
    this.#port.tellErrors(this.#chargePoint);
    this.start('ApplicationReset');
    return true;
  }

  #create(): ChargePoint {
    const { onCreated, tellErrors: _, run, ...options } = this.#port;
    const chargePoint = new ChargePoint({ ...options, ...(run !== undefined && { run }) });
    onCreated(chargePoint);
    return chargePoint;
  }

  #tell(tell: (chargePoint: ChargePointApi) => void): void {
    try {
      tell(this.#chargePoint);
    } catch (error) {
      this.#port.log.error(`an event from before the start failed: ${messageOf(error)}`);
    }
  }
}

/** A transaction event as the mesh hears it. */
export function transactionEvent(event: ChargePointEvents['transactionEvent']): types.ocpp.OcppTransactionEvent {
  return {
    evse: { connector_id: 1, id: event.connectorId },
    session_id: event.sessionId,
    transaction_event: event.event,
    ...(event.transactionId !== undefined && { transaction_id: String(event.transactionId) }),
  };
}

/** The answer to a BootNotification as the mesh hears it. */
export function bootResponse(response: ChargePointEvents['bootResponse']): types.ocpp.BootNotificationResponse {
  return {
    status: response.status,
    current_time: formatTimestamp(response.currentTimeMs),
    interval: response.intervalS,
  };
}
