import { parseTimestamp } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { isUsable } from '../connector-state.ts';
import type { ConnectorType, Evse } from '../evse.ts';
import type { Evses } from '../evses.ts';
import { sameId } from '../id-token.ts';
import { allFindPlaces, fits, type Place } from './feasibility.ts';

type Reservation = types.reservation.Reservation;
type ReservationResult = types.reservation.ReservationResult;
type ReservationCheckStatus = types.reservation.ReservationCheckStatus;

/** Who wants to charge: an identifier, and its group where it is known. */
export interface Claimant {
  readonly id: string;
  readonly parentId?: string | undefined;
}

/**
 * The reservations of the station, and what follows from them: of one EVSE, or of any EVSE (with or without a connector type), which
 * must leave room for as many cars as hold one. Decides, and talks to nobody.
 */
export class ReservationBook {
  readonly #evses: Evses;
  #list: Reservation[] = [];

  constructor(evses: Evses) {
    this.#evses = evses;
  }

  /** All reservations, the oldest first. */
  get all(): readonly Reservation[] {
    return this.#list;
  }

  find(reservationId: number): Reservation | undefined {
    return this.#list.find((reservation) => reservation.reservation_id === reservationId);
  }

  of(evseId: number): Reservation | undefined {
    return this.#list.find((reservation) => reservation.evse_id === evseId);
  }

  /** What a request would be answered; nothing is noted. */
  assess(request: Reservation, nowMs: number): ReservationResult {
    const expiryMs = parseTimestamp(request.expiry_time);
    if (expiryMs === undefined || expiryMs <= nowMs) return 'Rejected';
    const kind = request.connector_type ?? 'Unknown';
    return request.evse_id === undefined ? this.#assessAny(kind) : this.#assessEvse(request.evse_id, kind);
  }

  add(reservation: Reservation): void {
    this.#list.push(reservation);
  }

  /** @returns what was removed */
  remove(reservationId: number): Reservation | undefined {
    const found = this.find(reservationId);
    this.#list = this.#list.filter((reservation) => reservation !== found);
    return found;
  }

  /**
   * The reservation that somebody may use at an EVSE: the EVSE's own, or, where it has none, any that is bound to no EVSE. Compared
   * by identifier or group.
   */
  match(claimant: Claimant, evseId: number | undefined): Reservation | undefined {
    const own = evseId === undefined ? undefined : this.of(evseId);
    if (own) return belongsTo(own, claimant) ? own : undefined;
    return this.#unbound().find((reservation) => belongsTo(reservation, claimant));
  }

  /** Whether somebody without a reservation may charge there: it is not reserved, and all who hold a reservation still find a place. */
  isChargingPossible(evse: Evse): boolean {
    return (
      !this.of(evse.id) &&
      this.#allFit(
        this.#unbound(),
        this.#places().filter((place) => place !== evse),
      )
    );
  }

  /** Whether any reservation names a group, so that an identifier alone does not say whether it matches. */
  get anyHasGroup(): boolean {
    return this.#list.some((reservation) => reservation.parent_id_token !== undefined);
  }

  check(request: types.reservation.ReservationCheck): ReservationCheckStatus {
    const claimant: Claimant = { id: request.id_token, parentId: request.group_id_token };
    const evse = request.evse_id === undefined ? undefined : this.#evses.find(request.evse_id);
    if (this.match(claimant, request.evse_id)) return 'ReservedForToken';
    if (!evse || this.isChargingPossible(evse)) return 'NotReserved';
    const own = this.of(evse.id);
    const holders = own ? [own] : this.#unbound();
    if (holders.length === 0) return 'NotReserved';
    const mayBeGroup = request.group_id_token === undefined && holders.some((holder) => holder.parent_id_token);
    return mayBeGroup ? 'ReservedForOtherTokenAndHasParentToken' : 'ReservedForOtherToken';
  }

  /** EVSEs that nobody without a reservation can have, although none is bound to them: the last ones for those who may come. */
  spokenFor(): Evse[] {
    if (this.#unbound().length === 0) return [];
    return this.#places().filter((evse) => !this.isChargingPossible(evse));
  }

  /** The reservations that can no longer be kept, those of EVSEs first: their EVSE is in use, broken or disabled, or room has run out. */
  broken(): Reservation[] {
    const lost = this.#list.filter((reservation) => {
      if (reservation.evse_id === undefined) return false;
      const evse = this.#evses.find(reservation.evse_id);
      return !evse || evse.occupied || stateOf(evse, reservation.connector_type ?? 'Unknown') !== undefined;
    });
    const places = this.#places();
    const kept: Reservation[] = [];
    for (const reservation of this.#unbound())
      if (this.#allFit([...kept, reservation], places)) kept.push(reservation);
      else lost.push(reservation);
    return lost;
  }

  #unbound(): Reservation[] {
    return this.#list.filter((reservation) => reservation.evse_id === undefined);
  }

  /** The EVSEs where somebody with an unbound reservation could go. One that awaits the car of an authorization is given away. */
  #places(): Evse[] {
    return this.#evses.all.filter((evse) => !evse.occupied && !evse.identifier && evse.usable && !this.of(evse.id));
  }

  #allFit(reservations: readonly Reservation[], evses: readonly Evse[]): boolean {
    return allFindPlaces(
      reservations.map((reservation) => reservation.connector_type ?? 'Unknown'),
      evses.map(placeOf),
    );
  }

  #assessEvse(evseId: number, kind: ConnectorType): ReservationResult {
    const evse = this.#evses.find(evseId);
    if (!evse?.connectors.some(({ type }) => fits(kind, [type]))) return 'Rejected';
    if (this.of(evseId) || isTaken(evse)) return 'Occupied';
    const state = stateOf(evse, kind);
    if (state) return state;
    const places = this.#places().filter((place) => place !== evse && !isTaken(place));
    return this.#allFit(this.#unbound(), places) ? 'Accepted' : 'Occupied';
  }

  #assessAny(kind: ConnectorType): ReservationResult {
    const suitable = this.#evses.all.filter((evse) => evse.connectors.some(({ type }) => fits(kind, [type])));
    if (suitable.length === 0) return 'Rejected';
    const wanted = [...this.#unbound().map((reservation) => reservation.connector_type ?? 'Unknown'), kind];
    const places = this.#places().filter((place) => !isTaken(place));
    if (allFindPlaces(wanted, places.map(placeOf))) return 'Accepted';
    if (this.#list.length > 0 || suitable.some(isTaken)) return 'Occupied';
    const states = suitable.map((evse) => stateOf(evse, kind));
    return states.find((state) => state === 'Faulted') ?? states.find((state) => state !== undefined) ?? 'Occupied';
  }
}

function belongsTo(reservation: Reservation, claimant: Claimant): boolean {
  return sameId(reservation.id_token, claimant.id) || sameId(reservation.parent_id_token, claimant.parentId);
}

const isTaken = (evse: Evse): boolean => evse.pluggedIn || evse.occupied || evse.identifier !== undefined;

const placeOf = (evse: Evse): Place => evse.connectors.filter(({ state }) => isUsable(state)).map(({ type }) => type);

/** Why no connector of that kind can be used, or undefined when one can. */
function stateOf(evse: Evse, kind: ConnectorType): 'Faulted' | 'Unavailable' | undefined {
  const states = evse.connectors.filter(({ type }) => fits(kind, [type])).map(({ state }) => state);
  if (states.some(isUsable)) return undefined;
  return states.some(({ disabled }) => !disabled) ? 'Faulted' : 'Unavailable';
}
