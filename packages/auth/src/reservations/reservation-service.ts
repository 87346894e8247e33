import { type Clock, type Logger, messageOf, parseTimestamp, type Timer } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { Evse } from '../evse.ts';
import type { Evses } from '../evses.ts';
import type { ReservationBook } from './reservation-book.ts';

type Reservation = types.reservation.Reservation;
type UpdateStatus = types.reservation.ReservationUpdateStatus['reservation_status'];

/** What the service needs. */
export interface ReservationServiceOptions {
  readonly book: ReservationBook;
  readonly evses: Evses;
  readonly clock: Clock;
  readonly log: Logger;
  readonly publish: (reservationId: number, status: UpdateStatus) => void;
  /** Hears of each change, with all reservations. */
  readonly changed: (reservations: readonly Reservation[]) => void;
}

/** Tells an EVSE that it is kept for somebody whose reservation is bound to no EVSE. */
const FOR_ANYBODY = -1;

/** An EVSE that refuses a reservation which it should know is asked once more after so long, should it be about to begin. */
const SECOND_CHANCE_MS = 60_000;

/** Carries reservations out: asks the EVSEs, watches the clock, and tells the mesh. */
export class ReservationService {
  readonly #options: ReservationServiceOptions;
  /** EVSEs that were told that they are kept {@link FOR_ANYBODY}. */
  readonly #told = new Set<number>();
  /** EVSEs that an earlier life may have told so. */
  readonly #maybeTold = new Set<Evse>();
  /** Reservations that an EVSE is being asked for, for the first time. */
  readonly #asked = new Set<Reservation>();
  /** Reservations that were used up. */
  readonly #used = new WeakSet<Reservation>();
  /** Reservations whose EVSE did not take them when it came back: it takes none before it has begun. */
  readonly #unplaced = new Set<Reservation>();
  /** EVSEs that have {@link begun}, in this life or in one before. */
  readonly #begun = new Set<number>();
  readonly #secondChances = new Set<Timer>();
  /** What each EVSE is being told, one thing after the other. */
  readonly #telling = new Map<Evse, Promise<void>>();
  #expiry: Timer | undefined;

  constructor(options: ReservationServiceOptions) {
    this.#options = options;
    options.clock.onWallJump(() => this.#watchExpiry());
  }

  get book(): ReservationBook {
    return this.#options.book;
  }

  /** Makes a reservation. One with the same id is given up first, even where the new one fails, unless that is over already. */
  async make(request: Reservation): Promise<types.reservation.ReservationResult> {
    const { book, clock, publish } = this.#options;
    if (endMs(request) <= clock.wallMs()) return 'Rejected';
    if (book.find(request.reservation_id)) await this.cancel(request.reservation_id);
    const result = book.assess(request, clock.wallMs());
    if (result !== 'Accepted') return result;
    // Noted before the EVSE is asked, so that no token slips in between.
    book.add(request);
    this.#asked.add(request);
    const isAgreed = await this.#ask(request);
    this.#asked.delete(request);
    // While the EVSE was asked, its card may have come, or what made it impossible.
    if (!book.all.includes(request)) return this.#used.has(request) ? 'Accepted' : 'Rejected';
    if (!isAgreed) book.remove(request.reservation_id);
    this.#settle();
    if (!isAgreed) return 'Rejected';
    publish(request.reservation_id, 'Placed');
    return 'Accepted';
  }

  /** Gives a reservation up by command. @returns whether there was one */
  async cancel(reservationId: number): Promise<boolean> {
    const reservation = this.#options.book.remove(reservationId);
    if (!reservation) return false;
    await this.#release(reservation);
    this.#settle();
    return true;
  }

  /** A token was accepted at an EVSE by this reservation: it is used up. The EVSE learns of it with the authorization. */
  consume(reservation: Reservation, evse: Evse): void {
    this.#told.delete(evse.id);
    this.#used.add(reservation);
    this.#options.book.remove(reservation.reservation_id);
    this.#settle();
  }

  /** The EVSE itself has ended its reservation. */
  ended(evse: Evse): void {
    const { book, publish } = this.#options;
    const reservation = book.of(evse.id);
    if (!reservation) {
      if (this.#told.delete(evse.id)) this.#settle();
      return;
    }
    // What has ended is the one before it.
    if (this.#asked.has(reservation)) return;
    book.remove(reservation.reservation_id);
    publish(reservation.reservation_id, 'Removed');
    this.#settle();
  }

  /** Something changed at an EVSE: gives up the reservations that can no longer be kept. */
  recheck(): void {
    const { book } = this.#options;
    for (const reservation of book.broken()) this.#drop(reservation, 'Removed');
    this.#settle();
  }

  /**
   * Takes over reservations of an earlier run: those that are over or impossible are reported, the EVSEs are told of the rest, if need be
   * when they have {@link begun}. Nobody else gets such an EVSE meanwhile.
   */
  async restore(reservations: readonly Reservation[]): Promise<void> {
    const { book, clock, publish } = this.#options;
    const asked: Promise<void>[] = [];
    for (const reservation of reservations) {
      if (endMs(reservation) <= clock.wallMs()) publish(reservation.reservation_id, 'Expired');
      else if (book.assess(reservation, clock.wallMs()) !== 'Accepted') publish(reservation.reservation_id, 'Removed');
      else {
        book.add(reservation);
        asked.push(this.#askAgain(reservation));
      }
    }
    await Promise.all(asked);
    if (reservations.length > 0) this.#settle();
  }

  /** An EVSE takes cars from now on, and reservations: one of an earlier run that it does not take even now is given up. */
  async begun(evse: Evse): Promise<void> {
    this.#begun.add(evse.id);
    await this.#askForTheLastTime(evse);
    this.#settle();
  }

  /** The ids of the EVSEs that were told that they are kept for somebody, whoever it may be. */
  get told(): readonly number[] {
    return [...this.#told];
  }

  /** Goes on with reservations that the EVSEs still know of. @param told what {@link told} was then */
  resume(reservations: readonly Reservation[], told: readonly number[]): void {
    for (const reservation of reservations) this.#options.book.add(reservation);
    for (const evse of this.#options.evses.all) if (told.includes(evse.id)) this.#maybeTold.add(evse);
    this.#settle();
  }

  /** An EVSE has returned and knows nothing: tells it again what it is kept for. */
  async remind(evse: Evse): Promise<void> {
    const reservation = this.#options.book.of(evse.id);
    this.#told.delete(evse.id);
    // With the car in front of it that waits for its card it takes none; nobody else gets it all the same.
    if (reservation && evse.pluggedIn) await this.#ask(reservation);
    else if (reservation) await this.#askAgain(reservation);
    this.#settle();
  }

  stop(): void {
    this.#expiry?.cancel();
    for (const timer of this.#secondChances) timer.cancel();
    this.#secondChances.clear();
  }

  /**
   * Asks for a reservation that the EVSE may not know any more. Where it refuses it is asked again when it has begun. It may have begun
   * long ago, and refuse because it is in use, which nobody here has heard of: then it is asked again after a while.
   */
  async #askAgain(reservation: Reservation): Promise<void> {
    // Noted before it is asked: it may begin meanwhile.
    this.#unplaced.add(reservation);
    if (await this.#ask(reservation)) {
      this.#unplaced.delete(reservation);
      return;
    }
    const timer = this.#options.clock.setTimer(SECOND_CHANCE_MS, () => {
      this.#secondChances.delete(timer);
      const evse = reservation.evse_id === undefined ? undefined : this.#options.evses.find(reservation.evse_id);
      if (evse && this.#begun.has(evse.id)) void this.#askForTheLastTime(evse);
    });
    this.#secondChances.add(timer);
  }

  async #askForTheLastTime(evse: Evse): Promise<void> {
    const reservation = this.#options.book.of(evse.id);
    if (!reservation || !this.#unplaced.delete(reservation) || (await this.#ask(reservation))) return;
    if (!this.#options.book.all.includes(reservation)) return;
    this.#drop(reservation, 'Removed');
    this.#settle();
  }

  async #ask(reservation: Reservation): Promise<boolean> {
    if (reservation.evse_id === undefined) return true;
    const evse = this.#options.evses.find(reservation.evse_id);
    if (!evse) return false;
    try {
      this.#told.delete(evse.id);
      return await evse.port.reserve(reservation.reservation_id);
    } catch (thrown) {
      this.#options.log.warn('the EVSE could not be reserved', { evse: evse.id, error: messageOf(thrown) });
      return false;
    }
  }

  async #release(reservation: Reservation): Promise<void> {
    const evse = reservation.evse_id === undefined ? undefined : this.#options.evses.find(reservation.evse_id);
    if (!evse) return;
    try {
      await evse.port.cancelReservation();
    } catch (thrown) {
      this.#options.log.warn('the EVSE did not hear that its reservation is over', {
        evse: evse.id,
        error: messageOf(thrown),
      });
    }
  }

  /** Gives a reservation up by ourselves: the EVSE first, then the mesh. */
  #drop(reservation: Reservation, status: UpdateStatus): void {
    const isTold = !this.#asked.has(reservation);
    this.#options.book.remove(reservation.reservation_id);
    void this.#release(reservation).then(() => {
      // Whoever asks for it at this moment hears by the answer that it is not to be.
      if (isTold) this.#options.publish(reservation.reservation_id, status);
    });
  }

  /** After each change: the clock, the disk, and the EVSEs that are the last for somebody. */
  #settle(): void {
    this.#options.changed(this.#options.book.all);
    this.#watchExpiry();
    this.retell();
  }

  /** An authorization is over, so there is more room for whoever holds a reservation of no EVSE. */
  retell(): void {
    for (const evse of this.#options.evses.all) {
      const earlier = this.#telling.get(evse) ?? Promise.resolve();
      this.#telling.set(
        evse,
        earlier.then(() => this.#tell(evse)),
      );
    }
  }

  #watchExpiry(): void {
    const { book, clock } = this.#options;
    this.#expiry?.cancel();
    if (book.all.length === 0) return;
    const ends = book.all.map(endMs);
    this.#expiry = clock.setTimer(Math.min(...ends) - clock.wallMs(), () => {
      const over = book.all.filter((reservation) => endMs(reservation) <= clock.wallMs());
      for (const reservation of over) this.#drop(reservation, 'Expired');
      this.#settle();
    });
  }

  /** Brings what an EVSE was told in line with what holds when it is its turn. No EVSE hears things out of order, none waits for another. */
  async #tell(evse: Evse): Promise<void> {
    const { book, log } = this.#options;
    const isWanted = book.spokenFor().includes(evse);
    // One that is away hears it when it is back.
    const maybeTold = evse.reachable && this.#maybeTold.delete(evse);
    const isTold = isWanted ? this.#told.has(evse.id) : this.#told.delete(evse.id) || maybeTold;
    try {
      // With a car that stands there it would refuse.
      if (isWanted && !isTold && !evse.pluggedIn) {
        // Noted before it answers, so that whatever makes it void meanwhile is not undone by the answer.
        this.#told.add(evse.id);
        this.#options.changed(book.all);
        if (!(await evse.port.reserve(FOR_ANYBODY))) this.#told.delete(evse.id);
      } else if (!isWanted && isTold && !book.of(evse.id)) {
        await evse.port.cancelReservation();
      }
    } catch (thrown) {
      this.#told.delete(evse.id);
      log.warn('the EVSE could not be told of the reservations', { evse: evse.id, error: messageOf(thrown) });
    }
  }
}

/** When a reservation ends, on the wall clock; one whose end cannot be read has ended. */
function endMs(reservation: Reservation): number {
  return parseTimestamp(reservation.expiry_time) ?? 0;
}
