/** Tells the world of a reservation. */
export interface ReservationEvents {
  reservationStart(): void;
  reservationEnd(): void;
}

/** The reservation of one EVSE. A negative id reserves without a specific one, for a reservation of any EVSE of the station. */
export class Reservation {
  readonly #events: ReservationEvents;
  #id: number | undefined;

  constructor(events: ReservationEvents) {
    this.#events = events;
  }

  get active(): boolean {
    return this.#id !== undefined;
  }

  /** The id to report with a session, where there is a specific one. */
  get id(): number | undefined {
    return this.#id === undefined || this.#id < 0 ? undefined : this.#id;
  }

  /** Reserves. @returns false where another reservation holds the EVSE */
  reserve(id: number): boolean {
    const isNew = this.#id === undefined;
    if (this.#id !== undefined && this.#id !== id && this.#id >= 0) return false;
    this.#id = id;
    if (isNew) this.#events.reservationStart();
    return true;
  }

  /** Ends the reservation and says so. */
  cancel(): void {
    if (this.#id === undefined) return;
    this.#id = undefined;
    this.#events.reservationEnd();
  }

  /** The session that it was for has come: ends the reservation without a word, so that nobody takes the EVSE for free. */
  consume(): void {
    this.#id = undefined;
  }
}
