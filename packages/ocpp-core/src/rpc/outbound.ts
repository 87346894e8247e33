import type { Clock, Logger, Random, Timer } from '@chargemesh/base';
import type { FrameValidator } from '../schemas/frame-validator.ts';
import { type ErrorFrame, type ResultFrame, writeCall } from './frame.ts';
import type { CallOutcome } from './outcome.ts';

/** A request to be sent now. */
export interface OutboundCall {
  readonly action: string;
  readonly payloadText: string;
  readonly timeoutMs: number;
  readonly done: (outcome: CallOutcome) => void;
  /** Told the payload of an answer that comes after its time was over. */
  readonly late?: (payload: unknown) => void;
}

interface InFlight extends OutboundCall {
  readonly id: string;
  readonly timer: Timer;
}

/** How many ids of requests that timed out are remembered for late answers. */
const REMEMBERED = 8;

/** What {@link Outbound} stands on. */
export interface OutboundParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly validator: FrameValidator;
  readonly send: (text: string) => void;
  /** An answer was no valid payload. */
  readonly invalid: (text: string) => void;
}

/**
 * Our own requests: one in flight at a time, each with its deadline.
 * @see OCPP-J 1.6, 4.1.1 (synchronicity)
 */
export class Outbound {
  readonly #parts: OutboundParts;
  readonly #late = new Map<string, { action: string; late: (payload: unknown) => void }>();
  #inFlight: InFlight | undefined;

  constructor(parts: OutboundParts) {
    this.#parts = parts;
  }

  get busy(): boolean {
    return this.#inFlight !== undefined;
  }

  /** Sends a request. Only to be called while not {@link busy}. */
  call(call: OutboundCall): void {
    const { clock, random, send } = this.#parts;
    const id = random.uuid();
    const timer = clock.setTimer(call.timeoutMs, () => this.#timedOut(id));
    this.#inFlight = { ...call, id, timer };
    send(writeCall(id, call.action, call.payloadText));
  }

  /** Takes a CALLRESULT or CALLERROR. One that answers nothing is logged and forgotten. */
  answered(frame: ResultFrame | ErrorFrame): void {
    const { log, validator, invalid } = this.#parts;
    const waiting = this.#inFlight?.id === frame.id ? this.#inFlight : undefined;
    const late = this.#late.get(frame.id);
    const action = waiting?.action ?? late?.action;
    if (action === undefined) {
      log.warn('answer to a request that does not wait for one', { id: frame.id });
      return;
    }
    if (frame.kind === 'error') {
      if (waiting) this.#finish(waiting, { kind: 'refused', code: frame.code, description: frame.description });
      return;
    }
    const [fault] = validator.response(action, frame.payload);
    if (fault) {
      log.warn('the CSMS sent an answer that its schema refuses', { action, path: fault.path, rule: fault.rule });
      invalid(JSON.stringify(frame.payload));
    }
    if (waiting) {
      const description = fault && `${fault.path} ${fault.message}`;
      this.#finish(
        waiting,
        fault
          ? { kind: 'refused', code: 'FormationViolation', description: description ?? '' }
          : { kind: 'answered', payload: frame.payload },
      );
      return;
    }
    this.#late.delete(frame.id);
    if (!fault) late?.late(frame.payload);
  }

  /** The link is gone: what is in flight will not be answered. */
  lost(reason: 'linkLost' | 'stopped' = 'linkLost'): void {
    if (this.#inFlight) this.#finish(this.#inFlight, { kind: 'undelivered', reason });
  }

  #timedOut(id: string): void {
    const call = this.#inFlight;
    if (call?.id !== id) return;
    if (call.late) {
      this.#late.set(id, { action: call.action, late: call.late });
      for (const oldest of this.#late.keys()) if (this.#late.size > REMEMBERED) this.#late.delete(oldest);
    }
    this.#finish(call, { kind: 'timeout' });
  }

  #finish(call: InFlight, outcome: CallOutcome): void {
    call.timer.cancel();
    this.#inFlight = undefined;
    call.done(outcome);
  }
}
