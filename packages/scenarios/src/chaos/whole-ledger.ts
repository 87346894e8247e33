import { parseTimestamp } from '@chargemesh/base';
import { decodeVariable } from '@chargemesh/framework';
import type { SeenMessage, World } from '../world/world.ts';

type Json = Readonly<Record<string, unknown>>;

/** A transaction that an EVSE has begun. */
interface Begun {
  readonly sessionId: string;
  readonly connectorId: number;
  readonly idTag: string;
  readonly startedMs: number | undefined;
  readonly meterStartWh: number;
}

/**
 * Holds the transactions that the CSMS knows against those that the EVSEs have begun: each is there once, with its start and its stop, and
 * nothing else is. What the EVSEs tell is heard on the bus, live and from their journals, and read from those themselves.
 */
export class WholeLedger {
  readonly #world: World;
  readonly #events = new Map<string, { readonly moduleId: string; readonly event: Json }>();
  #undeliverable = 0;

  constructor(world: World) {
    this.#world = world;
  }

  take({ topic, payload, retained }: SeenMessage): void {
    if (payload === '') return;
    const { topics, layout } = this.#world;
    if (topic.endsWith('/undeliverable') && topic.includes('chargemesh/modules/'))
      this.#undeliverable = Number(JSON.parse(payload).count);
    if (retained) return;
    for (const { moduleId } of layout.evses) {
      if (topic === topics.variable(moduleId, 'evse', 'session_event')) this.#note(moduleId, decodeVariable(payload));
      else if (topic.startsWith(`${topics.journal(moduleId)}/answer/`))
        for (const { data } of JSON.parse(payload).events) this.#note(moduleId, data);
    }
  }

  /** What is missing or too much; empty where all is as it should be. */
  faults(): string[] {
    for (const { moduleId, event } of this.#world.witness?.events() ?? []) this.#note(moduleId, event);
    const { transactions } = this.#world.csms.ledger(this.#world.station);
    const left = new Set(transactions);
    const faults: string[] = [];
    for (const begun of this.#begun()) {
      const found = [...left].filter(
        ({ connectorId, idTag, started, meterStartWh }) =>
          connectorId === begun.connectorId &&
          idTag === begun.idTag &&
          meterStartWh === begun.meterStartWh &&
          parseTimestamp(started) === begun.startedMs,
      );
      for (const transaction of found) left.delete(transaction);
      const name = `session ${begun.sessionId} on connector ${begun.connectorId}`;
      if (found.length !== 1) faults.push(`ledger: the CSMS knows the transaction of ${name} ${found.length} times`);
      for (const { id, stopped } of found)
        if (stopped === null) faults.push(`ledger: transaction ${id} of ${name} was never stopped`);
    }
    for (const { id, connectorId } of left)
      faults.push(`ledger: no EVSE has begun transaction ${id} on connector ${connectorId}`);
    if (this.#undeliverable > 0) faults.push(`ledger: ${this.#undeliverable} messages are undeliverable`);
    return faults;
  }

  #begun(): Begun[] {
    return [...this.#events.values()].map(({ moduleId, event }) => {
      const connectorId = this.#world.layout.evses.findIndex((evse) => evse.moduleId === moduleId) + 1;
      const started = event.transaction_started as {
        id_tag: { id_token: { value: string } };
        meter_value: { energy_Wh_import: { total: number } };
      };
      return {
        sessionId: String(event.uuid),
        connectorId,
        idTag: started.id_tag.id_token.value,
        startedMs: parseTimestamp(String(event.timestamp)),
        meterStartWh: Math.floor(started.meter_value.energy_Wh_import.total + 0.5),
      };
    });
  }

  /** An EVSE that dies just when it has told of a start tells it again: the first counts. */
  #note(moduleId: string, value: unknown): void {
    const event = value as Json;
    if (event.event !== 'TransactionStarted') return;
    const key = `${moduleId} ${event.uuid}`;
    const known = this.#events.get(key)?.event;
    if (!known || String(event.timestamp) < String(known.timestamp)) this.#events.set(key, { moduleId, event });
  }
}
