/** Requests of the transaction class: each is on disk before it is sent, and sent until it is answered. */
export const TRANSACTION_ACTIONS: readonly [string, ...string[]] = [
  'StartTransaction',
  'StopTransaction',
  'MeterValues',
];
