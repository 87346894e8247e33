import { createHash } from 'node:crypto';
import { isRecord } from '../checks/field-check.ts';

/** A {@link Delivery} as plain JSON. */
export interface DeliveryState {
  readonly digest: string;
  readonly answered: boolean;
  readonly received: boolean;
  readonly resends: number;
}

/**
 * One message that a station has to bring to the CSMS once, and the attempts that it made. A resend is right as long as the answer may
 * have been lost; when the station has sent its next CALL after an answer on the same connection, it had that answer.
 */
export class Delivery {
  /** Of the frame without its message id, which is all that may differ between two attempts: frames are long, and many are remembered. */
  readonly #digest: string;
  #answered: boolean;
  #received: boolean;
  resends: number;

  private constructor({ digest, answered, received, resends }: DeliveryState) {
    this.#digest = digest;
    this.#answered = answered;
    this.#received = received;
    this.resends = resends;
  }

  /** The first attempt. */
  static first(text: string, messageId: string): Delivery {
    return new Delivery({ digest: digestOf(text, messageId), answered: false, received: false, resends: 0 });
  }

  /** Reads what {@link state} wrote; undefined where it is something else. */
  static restore(state: unknown): Delivery | undefined {
    if (!isRecord(state)) return undefined;
    const { digest, answered, received, resends } = state;
    if (typeof digest !== 'string' || typeof resends !== 'number') return undefined;
    return new Delivery({ digest, answered: answered === true, received: received === true, resends });
  }

  get state(): DeliveryState {
    return { digest: this.#digest, answered: this.#answered, received: this.#received, resends: this.resends };
  }

  /** The CSMS sent a CALLRESULT. A CALLERROR leaves the message to be sent again. */
  answered(): void {
    this.#answered = true;
  }

  /** The station sent another CALL on the connection that carried the answer. */
  wentOn(): void {
    if (this.#answered) this.#received = true;
  }

  /** Whether the station surely has the answer, so that sending again is a fault. */
  get received(): boolean {
    return this.#received;
  }

  /** Whether another frame says the same to the byte, message ids aside. */
  repeats(text: string, messageId: string): boolean {
    return this.#digest === digestOf(text, messageId);
  }
}

function digestOf(text: string, messageId: string): string {
  return createHash('sha256')
    .update(text.replace(JSON.stringify(messageId), '""'))
    .digest('base64');
}
