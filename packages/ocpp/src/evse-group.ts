import { type Logger, messageOf } from '@chargemesh/base';
import type { EvseManagerInterface, types } from '@chargemesh/contracts';
import { isShutdown, type Required } from '@chargemesh/framework';
import type { Configuration, MeterReading } from '@chargemesh/ocpp-core';
import type { JournalPositions } from './journal-positions.ts';
import type { OcppService } from './ocpp-service.ts';
import { relaySessionEvent } from './session-relay.ts';

/** The EVSEs behind the OCPP connectors, and what they tell. */
export interface EvseGroupPort {
  /** OCPP connector to EVSE. */
  readonly evses: ReadonlyMap<number, Required<EvseManagerInterface>>;
  readonly service: OcppService;
  readonly positions: JournalPositions;
  readonly log: Logger;
}

/** Listens to all EVSEs for the charge point, and holds them back until OCPP is ready for them (G-04). */
export class EvseGroup {
  readonly #port: EvseGroupPort;
  readonly #unready: Set<number>;
  /** EVSEs that have another number than their place, with their connectors. */
  readonly #misplaced = new Map<number, number>();
  readonly #allWaiting = Promise.withResolvers<void>();
  #released = false;

  constructor(port: EvseGroupPort) {
    this.#port = port;
    this.#unready = new Set(port.evses.keys());
  }

  /** To be called in set-up. */
  subscribe(toReading: (meter: types.powermeter.Powermeter) => MeterReading, configuration: Configuration): void {
    const { service, positions, log } = this.#port;
    for (const [connectorId, evse] of this.#port.evses) {
      let socPercent: number | undefined;
      evse.follow('session_event', {
        position: () => positions.of(evse.moduleId),
        take: (event, position, done) => {
          // A resumed session has to be known before the charge point starts (C-80).
          const early = event.event === 'SessionResumed' && !service.running;
          if (early) relaySessionEvent(service.chargePoint, connectorId, event, log);
          let told = early;
          service.keep((point) => {
            if (!told) relaySessionEvent(point, connectorId, event, log);
            told = true;
            // The ledger has it by now.
            if (position) positions.set(evse.moduleId, position);
            done();
          });
          if (event.event === 'SessionFinished') socPercent = undefined;
        },
      });
      evse.subscribe('powermeter', (meter) =>
        service.reading(connectorId, { ...toReading(meter), ...(socPercent !== undefined && { socPercent }) }),
      );
      evse.subscribe('ev_info', ({ soc }) => {
        socPercent = soc ?? socPercent;
      });
      evse.subscribe('enforced_limits', ({ limits_root_side: limits }) => {
        const currentA = limits.ac_max_current_A?.value ?? 0;
        const phases = limits.ac_max_phase_count?.value ?? 1;
        const productW = currentA * phases * Number(configuration.get('SupplyVoltage'));
        // To the milliwatt: 16.7 A on three phases are 11523 W, and not a billionth less, which would be told as 11522.
        const powerW = limits.total_power_W?.value ?? Math.round(productW * 1000) / 1000;
        service.chargePoint.offered(connectorId, { currentA, powerW });
      });
      evse.subscribe('powermeter_public_key_ocmf', (key) => keepPublicKey(configuration, connectorId, key));
      evse.subscribe('waiting_for_external_ready', (waiting) => waiting && this.#isWaiting(connectorId));
      evse.subscribe('ready', (ready) => ready && this.#isWaiting(connectorId));
      evse.onPresence((present) => {
        if (present && this.#released) void this.#welcome(connectorId, evse);
      });
    }
  }

  /** Asks each EVSE for its number: they have to be 1, 2, 3 … in the order of the connections (C-07). */
  async identify(): Promise<void> {
    for (const [connectorId, evse] of this.#port.evses) {
      const id = await this.#numberOf(evse);
      if (id === undefined || id === connectorId) continue;
      this.#misplaced.set(id, connectorId);
      this.#port.log.error(
        `${evse.moduleId} says that it is EVSE ${id}, but stands at place ${connectorId} of the connections; OCPP calls it connector ${connectorId}`,
      );
    }
  }

  /** The OCPP connector of an EVSE's number: 0, the station, where OCPP has no such EVSE. */
  connectorOf(evse: number): number {
    return this.#misplaced.get(evse) ?? (this.#port.evses.has(evse) ? evse : 0);
  }

  /** Resolves when each EVSE waits to be released, or runs already. */
  allWaiting(): Promise<void> {
    return this.#unready.size === 0 ? Promise.resolve() : this.#allWaiting.promise;
  }

  async releaseAll(): Promise<void> {
    this.#released = true;
    await Promise.all([...this.#port.evses.values()].map((evse) => this.#release(evse)));
  }

  /** An EVSE that does not say its number must not keep the others from the CSMS. */
  async #numberOf(evse: Required<EvseManagerInterface>): Promise<number | undefined> {
    try {
      return (await evse.call('get_evse', {})).id;
    } catch (error) {
      if (!isShutdown(error))
        this.#port.log.error(`${evse.moduleId} does not say which EVSE it is: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** It is told again what it cannot know when it comes back without a memory, or what was said while it was away. */
  async #welcome(connectorId: number, evse: Required<EvseManagerInterface>): Promise<void> {
    await this.#release(evse);
    this.#port.service.input((point) => point.connectorReturned(connectorId));
  }

  async #release(evse: Required<EvseManagerInterface>): Promise<void> {
    try {
      await evse.call('external_ready_to_start_charging', {});
    } catch (error) {
      this.#port.log.error(`${evse.moduleId} was not released for charging: ${messageOf(error)}`);
    }
  }

  #isWaiting(connectorId: number): void {
    if (this.#unready.delete(connectorId) && this.#unready.size === 0) this.#allWaiting.resolve();
  }
}

/** Told to the CSMS as MeterPublicKey and the number of the connector, and kept for times when the meter is away (C-52). */
function keepPublicKey(configuration: Configuration, connectorId: number, key: string): void {
  const known = configuration.get('MeterPublicKeys') ?? [];
  const length = Math.max(known.length, connectorId);
  const keys = Array.from({ length }, (_, index) => (index === connectorId - 1 ? key : (known[index] ?? '')));
  configuration.set('MeterPublicKeys', keys);
}
