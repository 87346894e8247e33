/**
 * One message that a station has to bring to the CSMS once, and the attempts that it made. A resend is right as long as the answer may
 * have been lost; when the station has sent its next CALL after an answer on the same connection, it had that answer.
 */
export class Delivery {
  /** The frame without its message id, which is all that may differ between two attempts. */
  readonly text: string;
  #answered = false;
  #received = false;
  resends = 0;

  constructor(text: string, messageId: string) {
    this.text = withoutId(text, messageId);
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
    return this.text === withoutId(text, messageId);
  }
}

function withoutId(text: string, messageId: string): string {
  return text.replace(JSON.stringify(messageId), '""');
}
