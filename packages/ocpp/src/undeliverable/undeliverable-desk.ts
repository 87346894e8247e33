import { formatTimestamp, type Logger } from '@chargemesh/base';
import type { ExternalMqtt } from '@chargemesh/framework';
import type { ChargePointApi, UndeliverableMessage } from '@chargemesh/ocpp-core';

/** What {@link UndeliverableDesk} stands on. */
export interface UndeliverableDeskPort {
  /** The module's id: the topics are below `chargemesh/modules/<id>/undeliverable`, behind the external prefix. */
  readonly id: string;
  readonly mqtt: ExternalMqtt;
  readonly chargePoint: () => Pick<ChargePointApi, 'undeliverable' | 'resendUndeliverable'>;
  readonly log: Logger;
}

/** What somebody outside wants: to see the messages, or to have some of them (or all) sent again. */
interface DeskRequest {
  /** Stands in the answer as well. */
  readonly id: string;
  readonly resend: 'all' | readonly number[] | undefined;
}

/**
 * Lets people see the messages that the CSMS refused for good, and send them again (D18). The database has one owner, so they ask it here:
 *
 * | topic | payload |
 * |---|---|
 * | `…/undeliverable` | retained: `{"count":2,"stops":1}` |
 * | `…/undeliverable/request` | `{"id":"1"}`, `{"id":"2","resend":[4,5]}`, `{"id":"3","resend":"all"}` |
 * | `…/undeliverable/response` | `{"id":"1","messages":[…]}`, `{"id":"2","resent":[…],"unknown":[5]}` |
 */
export class UndeliverableDesk {
  readonly #port: UndeliverableDeskPort;
  readonly #topic: string;

  /** To be called in set-up. */
  constructor(port: UndeliverableDeskPort) {
    this.#port = port;
    this.#topic = `chargemesh/modules/${port.id}/undeliverable`;
    port.mqtt.subscribe(`${this.#topic}/request`, (payload) => this.#take(payload));
  }

  /** Says how many there are. To be called at the start, and whenever one is added. */
  publish(): void {
    const messages = this.#port.chargePoint().undeliverable();
    const stops = messages.filter(({ action }) => action === 'StopTransaction').length;
    this.#port.mqtt.publish(this.#topic, JSON.stringify({ count: messages.length, stops }), { retain: true });
  }

  /** Takes the number back: the module leaves. */
  close(): void {
    this.#port.mqtt.publish(this.#topic, '', { retain: true });
  }

  #take(payload: string): void {
    const request = readRequest(payload);
    if (!request) {
      this.#port.log.warn('a request for undeliverable messages cannot be read and is left out', { payload });
      return;
    }
    const answer = request.resend === undefined ? { messages: this.#list() } : this.#resend(request.resend);
    this.#port.mqtt.publish(`${this.#topic}/response`, JSON.stringify({ id: request.id, ...answer }));
  }

  #list(): object[] {
    return this.#port.chargePoint().undeliverable().map(shown);
  }

  #resend(wanted: 'all' | readonly number[]): object {
    const point = this.#port.chargePoint();
    const messages = point.undeliverable();
    const ids = wanted === 'all' ? messages.map(({ id }) => id) : wanted;
    const unknown = ids.filter((id) => !messages.some((message) => message.id === id));
    const sent = point.resendUndeliverable(ids);
    this.publish();
    return { resent: messages.filter(({ id }) => sent.includes(id)).map(shown), unknown };
  }
}

function shown({ failedMs, ...message }: UndeliverableMessage): object {
  return { ...message, failedAt: formatTimestamp(failedMs) };
}

function readRequest(payload: string): DeskRequest | undefined {
  let request: unknown;
  try {
    request = JSON.parse(payload);
  } catch {
    return undefined;
  }
  if (typeof request !== 'object' || request === null || !('id' in request)) return undefined;
  const { id } = request;
  if (typeof id !== 'string') return undefined;
  if (!('resend' in request)) return { id, resend: undefined };
  const { resend } = request;
  if (resend === 'all') return { id, resend };
  return Array.isArray(resend) && resend.every(Number.isInteger) ? { id, resend } : undefined;
}
