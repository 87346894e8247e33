/** What became of a request to the CSMS. */
export type CallOutcome =
  | { readonly kind: 'answered'; readonly payload: unknown }
  /** The CSMS sent a CALLERROR, or an answer that its schema refuses. */
  | { readonly kind: 'refused'; readonly code: string; readonly description: string }
  /** No answer in time on a live link. */
  | { readonly kind: 'timeout' }
  /** Never sent, or the link broke before the answer. */
  | {
      readonly kind: 'undelivered';
      readonly reason: 'offline' | 'notRegistered' | 'overflow' | 'linkLost' | 'stopped';
    };

/** An outcome in words, for logs and the table of undeliverable messages. */
export function describeOutcome(outcome: CallOutcome): string {
  switch (outcome.kind) {
    case 'answered':
      return 'answered';
    case 'refused':
      return outcome.description === '' ? outcome.code : `${outcome.code}: ${outcome.description}`;
    case 'timeout':
      return 'no answer in time';
    case 'undelivered':
      return outcome.reason;
  }
}
