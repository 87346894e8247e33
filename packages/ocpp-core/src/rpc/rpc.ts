import { type Clock, type Logger, messageOf, type Random } from '@chargemesh/base';
import type { FrameValidator } from '../schemas/frame-validator.ts';
import { readFrame } from './frame.ts';
import { Inbound, type RequestHandler } from './inbound.ts';
import { Outbound } from './outbound.ts';

/** What {@link Rpc} stands on. */
export interface RpcParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly validator: FrameValidator;
  readonly send: (text: string) => void;
  readonly open: () => boolean;
  readonly handler: (action: string) => RequestHandler | undefined;
  /** A message of the CSMS was malformed. */
  readonly invalid: (text: string) => void;
  readonly idle: () => void;
}

/**
 * Both directions of the conversation. Neither waits for the other: a request of the CSMS is answered while our own is in flight.
 * @see OCPP-J 1.6, 4
 */
export class Rpc {
  readonly outbound: Outbound;
  readonly inbound: Inbound;
  readonly #log: Logger;

  constructor(parts: RpcParts) {
    this.#log = parts.log;
    this.outbound = new Outbound(parts);
    this.inbound = new Inbound(parts);
  }

  /** Takes a text from the wire. Never throws. */
  received(text: string): void {
    try {
      const frame = readFrame(text);
      switch (frame.kind) {
        case 'call':
          this.inbound.received(frame, text);
          return;
        case 'result':
        case 'error':
          this.outbound.answered(frame);
          return;
        case 'broken':
          this.inbound.broken(frame, text);
          return;
      }
    } catch (thrown) {
      // A full disk, say. The message stays in its queue, the process lives.
      this.#log.error('handling a message of the CSMS failed', { error: messageOf(thrown) });
    }
  }
}
