declare const brand: unique symbol;

/** The uuid that the EVSE gives a session. Used on the bus and in logs. */
export type SessionId = string & { readonly [brand]: 'SessionId' };

/** Our own number of a transaction: it orders the ledger and the queue, and never leaves the station. */
export type LedgerId = number & { readonly [brand]: 'LedgerId' };

/** The number that the CSMS gave a transaction. Any 32-bit integer, 0 and negative ones included. */
export type CsmsTransactionId = number & { readonly [brand]: 'CsmsTransactionId' };

/** Takes a text from outside as a session's id. */
export function sessionId(text: string): SessionId {
  return text as SessionId;
}

/** Takes a row's number as a transaction's place in the ledger. */
export function ledgerId(rowId: number): LedgerId {
  return rowId as LedgerId;
}

/** Takes a number that the CSMS sent as its id of a transaction. */
export function csmsTransactionId(transactionId: number): CsmsTransactionId {
  return transactionId as CsmsTransactionId;
}
