/** A place in a journal. A journal that was lost and begun anew has another epoch: its numbers begin again. */
export interface JournalPosition {
  readonly epoch: string;
  /** From 1, without gaps. */
  readonly number: number;
}

/** What a reader asks of a journal, on `chargemesh/modules/<id>/journal`. */
export type JournalRequest = { readonly origin: string } & (
  | { readonly after: JournalPosition | null }
  | { readonly acknowledged: JournalPosition }
);

/** What a journal holds after a position. */
export interface JournalAnswer {
  readonly epoch: string;
  readonly events: readonly { readonly number: number; readonly data: unknown }[];
  /** The number of the newest event; 0 where there was none yet. */
  readonly last: number;
}

/** How far a journal is, said by its owner when it is back at the broker. */
export interface JournalState {
  readonly epoch: string;
  readonly last: number;
}
