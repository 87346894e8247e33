/** A kind of connector, as far as the model tells them apart. */
export type Kind = 'cType2' | 'cCCS2' | 'Unknown';

export interface ModelConfig {
  readonly algorithm: 'PlugEvents' | 'PlugEventsLIFO' | 'FindFirst';
  readonly startsFirst: boolean;
  readonly stopsOnReswipe: boolean;
  readonly plugInTimeout: boolean;
  readonly master: string | undefined;
}

/** What the one validator says of a card. */
export interface ModelCard {
  readonly isAccepted: boolean;
  readonly group?: string | undefined;
}

export interface ModelReservation {
  readonly id: number;
  readonly card: string;
  readonly group: string | undefined;
  readonly evse: number | undefined;
  readonly kind: Kind;
  readonly endMs: number;
}

interface ModelEvse {
  readonly id: number;
  readonly kind: Kind;
  plugged: boolean;
  replug: boolean;
  occupied: boolean;
  transaction: boolean;
  faulted: boolean;
  disabled: boolean;
  identifier: { readonly card: string; readonly group: string | undefined } | undefined;
  /** What runs out there, and when. */
  timer: { readonly dueMs: number; readonly order: number; readonly of: 'authorization' | 'car' } | undefined;
}

interface Waiting {
  readonly card: string;
  readonly group: string | undefined;
  readonly named: readonly number[] | undefined;
  readonly candidates: readonly number[];
  readonly referenced: readonly number[];
  readonly dueMs: number;
  readonly order: number;
}

const TIMEOUT_MS = 20_000;

/**
 * Auth as its description has it, where every EVSE and every validator answers at once: small and slow, and written for nothing but to be
 * held against the real one.
 */
export class AuthModel {
  nowMs = 0;
  queue: number[] = [];
  reservations: ModelReservation[] = [];
  readonly evses: ModelEvse[];
  /** `<card> <status>`, since somebody last looked. */
  statuses: string[] = [];
  updates: string[] = [];
  readonly #config: ModelConfig;
  readonly #cards: Readonly<Record<string, ModelCard>>;
  #waiting: Waiting[] = [];
  #claimed = new Set<number>();
  #order = 0;

  constructor(config: ModelConfig, kinds: readonly Kind[], cards: Readonly<Record<string, ModelCard>>) {
    this.#config = config;
    this.#cards = cards;
    this.evses = kinds.map((kind, index) => ({
      id: index + 1,
      kind,
      plugged: false,
      replug: false,
      occupied: false,
      transaction: false,
      faulted: false,
      disabled: false,
      identifier: undefined,
      timer: undefined,
    }));
  }

  swipe(card: string, named: readonly number[] | undefined): void {
    const referenced = this.evses.filter((evse) => !evse.disabled && (named?.includes(evse.id) ?? true));
    const isWaiting = this.#waiting.some((one) => one.card === card && String(one.named ?? '') === String(named ?? ''));
    const isPlaced = referenced.some(({ identifier, transaction }) => identifier?.card === card && !transaction);
    if (isWaiting || isPlaced) return;
    this.#say(card, 'Processing');
    const own = referenced.find(
      ({ identifier, transaction }) => transaction && (identifier?.card === card || identifier?.group === card),
    );
    if (own) {
      this.#stopBy(card, own);
      return;
    }
    const open = referenced.filter((evse) => this.#isAvailable(evse));
    const { master, startsFirst } = this.#config;
    if (open.length === 0) {
      if (master === undefined && referenced.every(({ identifier }) => identifier?.group === undefined)) {
        this.#say(card, 'Rejected');
        return;
      }
    } else {
      const mayStop = referenced.some(
        (evse) => evse.transaction && (master !== undefined || evse.identifier?.group !== undefined),
      );
      const isGroupWanted = this.reservations.some(({ group }) => group !== undefined);
      if (!mayStop && !isGroupWanted && !open.some((evse) => this.#suits(evse, card, undefined))) {
        this.#say(card, 'Rejected');
        return;
      }
    }
    const { isAccepted, group } = this.#cards[card] ?? { isAccepted: true };
    if (isAccepted && group !== undefined && (!startsFirst || open.length === 0)) {
      if (group === master) {
        for (const evse of referenced) if (evse.transaction) this.#finishTransaction(evse);
        this.#say(card, 'UsedToStop');
        return;
      }
      const relative = referenced.find(({ identifier }) => identifier?.group === group);
      if (relative) {
        if (relative.transaction) this.#stopBy(card, relative);
        else this.#say(card, 'Rejected');
        return;
      }
    }
    if (open.length === 0 || !isAccepted || (group !== undefined && group === master)) {
      this.#say(card, 'Rejected');
      return;
    }
    this.#say(card, 'Accepted');
    const free = referenced.filter(({ identifier }) => !identifier);
    const found = this.#select(free, card, group);
    if (found) {
      this.#decide(found, card, group);
      return;
    }
    this.#waiting.push({
      card,
      group,
      named,
      candidates: free.map(({ id }) => id),
      referenced: referenced.map(({ id }) => id),
      dueMs: this.nowMs + TIMEOUT_MS,
      order: this.#order++,
    });
  }

  plug(evse: ModelEvse): void {
    if (evse.plugged || evse.faulted || evse.disabled) return;
    evse.plugged = true;
    if (evse.identifier) {
      this.#startTransaction(evse);
      return;
    }
    if (this.#config.plugInTimeout) evse.timer = { dueMs: this.nowMs + TIMEOUT_MS, order: this.#order++, of: 'car' };
    this.queue = [...this.queue.filter((id) => id !== evse.id), evse.id];
    this.#wake();
  }

  unplug(evse: ModelEvse): void {
    if (!evse.plugged) return;
    if (evse.transaction) this.#finishTransaction(evse);
    this.#finishSession(evse);
  }

  fault(evse: ModelEvse, faulted: boolean): void {
    evse.faulted = faulted;
    this.#changed();
  }

  disable(evse: ModelEvse): void {
    if (evse.transaction) this.#finishTransaction(evse);
    if (evse.plugged || evse.identifier) this.#finishSession(evse);
    evse.disabled = true;
    this.#changed();
  }

  enable(evse: ModelEvse): void {
    evse.disabled = false;
    this.#changed();
  }

  reserve(reservation: ModelReservation): string {
    this.cancel(reservation.id);
    const result = this.#assess(reservation);
    if (result !== 'Accepted') return result;
    this.reservations.push(reservation);
    this.updates.push(`${reservation.id} Placed`);
    return result;
  }

  cancel(id: number): boolean {
    const before = this.reservations.length;
    this.reservations = this.reservations.filter((one) => one.id !== id);
    return this.reservations.length < before;
  }

  withdraw(evseId: number | undefined, card: string | undefined): string {
    const isMeant = (one: Waiting): boolean => {
      if (card !== undefined && one.card !== card) return false;
      if (evseId === undefined) return true;
      if (one.named) return one.named.includes(evseId);
      return card !== undefined || one.referenced.every((id) => id === evseId);
    };
    const meant = this.#waiting.filter(isMeant);
    this.#waiting = this.#waiting.filter((one) => !meant.includes(one));
    for (const one of meant) this.#say(one.card, 'Withdrawn');
    const placed = this.evses.filter(
      ({ id, identifier }) =>
        identifier && (evseId === undefined || id === evseId) && (card === undefined || identifier.card === card),
    );
    for (const evse of placed) {
      if (evse.transaction) this.#finishTransaction(evse);
      else this.#takeBack(evse, 'Withdrawn');
    }
    return meant.length + placed.length > 0 ? 'Accepted' : 'AuthorizationNotFound';
  }

  /** Lets everything run out that does until then, in its order. */
  advanceTo(endMs: number): void {
    for (;;) {
      const due = [
        ...this.evses.flatMap((evse) => (evse.timer ? [{ ...evse.timer, run: () => this.#runOut(evse) }] : [])),
        ...this.#waiting.map((one) => ({ dueMs: one.dueMs, order: one.order, run: () => this.#waitedInVain(one) })),
        ...this.reservations.map((one) => ({ dueMs: one.endMs, order: one.id, run: () => this.#expire(one) })),
      ].filter(({ dueMs }) => dueMs <= endMs);
      const [first] = due.sort((a, b) => a.dueMs - b.dueMs || a.order - b.order);
      if (!first) break;
      this.nowMs = first.dueMs;
      first.run();
    }
    this.nowMs = endMs;
  }

  #runOut(evse: ModelEvse): void {
    if (evse.timer?.of === 'authorization') {
      this.#takeBack(evse, 'TimedOut');
      this.#wake();
      return;
    }
    evse.timer = undefined;
    evse.replug = true;
    this.queue = this.queue.filter((id) => id !== evse.id);
  }

  #waitedInVain(one: Waiting): void {
    this.#waiting = this.#waiting.filter((other) => other !== one);
    this.#say(one.card, 'TimedOut');
  }

  #expire(one: ModelReservation): void {
    this.cancel(one.id);
    this.updates.push(`${one.id} Expired`);
  }

  #isAvailable(evse: ModelEvse): boolean {
    const { id, replug, identifier, occupied, faulted, disabled } = evse;
    return !(replug || identifier || occupied || faulted || disabled || this.#claimed.has(id));
  }

  #select(free: readonly ModelEvse[], card: string, group: string | undefined): ModelEvse | undefined {
    const open = free.filter((evse) => this.#isAvailable(evse));
    if (free.length === 1) return open[0];
    const queued = this.queue.flatMap((id) => open.find((evse) => evse.id === id) ?? []);
    if (this.#config.algorithm === 'PlugEvents') return queued[0];
    if (this.#config.algorithm === 'PlugEventsLIFO') return queued.at(-1);
    return queued[0] ?? open.find((evse) => this.#suits(evse, card, group)) ?? open[0];
  }

  #decide(evse: ModelEvse, card: string, group: string | undefined): void {
    const reservation = this.#match(evse, card, group);
    if (reservation) this.cancel(reservation.id);
    else if (!this.#isChargingPossible(evse)) {
      this.#claimed.delete(evse.id);
      this.#wake();
      this.#say(card, 'Rejected');
      return;
    }
    this.#claimed.delete(evse.id);
    evse.identifier = { card, group };
    evse.timer = { dueMs: this.nowMs + TIMEOUT_MS, order: this.#order++, of: 'authorization' };
    this.queue = this.queue.filter((id) => id !== evse.id);
    if (evse.plugged) this.#startTransaction(evse);
    this.#say(card, 'UsedToStart');
  }

  #wake(): void {
    const found: { readonly one: Waiting; readonly evse: ModelEvse }[] = [];
    for (const one of [...this.#waiting]) {
      const free = this.evses.filter((evse) => one.candidates.includes(evse.id) && !evse.identifier);
      const evse = this.#select(free, one.card, one.group);
      if (!evse) continue;
      this.#claimed.add(evse.id);
      this.#waiting = this.#waiting.filter((other) => other !== one);
      found.push({ one, evse });
    }
    for (const { one, evse } of found) this.#decide(evse, one.card, one.group);
  }

  #stopBy(card: string, evse: ModelEvse): void {
    if (!this.#config.stopsOnReswipe) {
      this.#say(card, 'UsedToReauthorize');
      return;
    }
    this.#finishTransaction(evse);
    this.#say(card, 'UsedToStop');
  }

  #startTransaction(evse: ModelEvse): void {
    evse.transaction = true;
    evse.occupied = true;
    evse.timer = undefined;
    this.queue = this.queue.filter((id) => id !== evse.id);
    this.#changed();
  }

  #finishTransaction(evse: ModelEvse): void {
    evse.transaction = false;
    evse.identifier = undefined;
    evse.timer = undefined;
  }

  #finishSession(evse: ModelEvse): void {
    Object.assign(evse, { plugged: false, replug: false, transaction: false, occupied: false });
    Object.assign(evse, { identifier: undefined, timer: undefined });
    this.queue = this.queue.filter((id) => id !== evse.id);
    this.#changed();
  }

  #takeBack(evse: ModelEvse, status: string): void {
    const card = evse.identifier?.card ?? '';
    this.#finishSession(evse);
    this.#say(card, status);
  }

  #changed(): void {
    const lost = this.reservations.filter(({ evse: id }) => {
      const evse = this.evses.find((one) => one.id === id);
      return evse && (evse.occupied || evse.faulted || evse.disabled);
    });
    const kept: ModelReservation[] = [];
    for (const one of this.#unbound())
      if (this.#allFind([...kept, one], this.#places())) kept.push(one);
      else lost.push(one);
    for (const one of lost) {
      this.cancel(one.id);
      this.updates.push(`${one.id} Removed`);
    }
    this.#wake();
  }

  #assess({ evse: id, kind }: ModelReservation): string {
    const isTaken = (evse: ModelEvse): boolean => evse.plugged || evse.occupied || evse.identifier !== undefined;
    const fitting = this.evses.filter((evse) => fits(kind, evse.kind) && (id === undefined || evse.id === id));
    if (fitting.length === 0) return 'Rejected';
    const open = this.#places().filter((evse) => !isTaken(evse));
    if (id !== undefined) {
      const [evse] = fitting;
      if (!evse || this.reservations.some((one) => one.evse === id) || isTaken(evse)) return 'Occupied';
      if (evse.disabled) return 'Unavailable';
      if (evse.faulted) return 'Faulted';
      return this.#allFind(
        this.#unbound(),
        open.filter((other) => other !== evse),
      )
        ? 'Accepted'
        : 'Occupied';
    }
    if (this.#allFind([...this.#unbound(), { kind }], open)) return 'Accepted';
    if (this.reservations.length > 0 || fitting.some(isTaken)) return 'Occupied';
    if (fitting.some((evse) => evse.faulted && !evse.disabled)) return 'Faulted';
    return fitting.some(({ disabled }) => disabled) ? 'Unavailable' : 'Occupied';
  }

  #unbound(): ModelReservation[] {
    return this.reservations.filter(({ evse }) => evse === undefined);
  }

  #places(): ModelEvse[] {
    return this.evses.filter(
      ({ id, occupied, identifier, faulted, disabled }) =>
        !(occupied || identifier || faulted || disabled || this.reservations.some((one) => one.evse === id)),
    );
  }

  #isChargingPossible(evse: ModelEvse): boolean {
    if (this.reservations.some((one) => one.evse === evse.id)) return false;
    return this.#allFind(
      this.#unbound(),
      this.#places().filter((place) => place !== evse),
    );
  }

  #match(evse: ModelEvse, card: string, group: string | undefined): ModelReservation | undefined {
    const bound = this.reservations.find((one) => one.evse === evse.id);
    return (bound ? [bound] : this.#unbound()).find(
      (one) => one.card === card || (group !== undefined && one.group === group),
    );
  }

  #suits(evse: ModelEvse, card: string, group: string | undefined): boolean {
    return this.#isChargingPossible(evse) || this.#match(evse, card, group) !== undefined;
  }

  /** Whoever comes first, and wherever he parks, each of them finds a place. */
  #allFind(cars: readonly { readonly kind: Kind }[], places: readonly ModelEvse[]): boolean {
    return cars.every((car, at) => {
      const own = places.filter((place) => fits(car.kind, place.kind));
      const rest = cars.filter((_, index) => index !== at);
      return (
        own.length > 0 &&
        own.every((place) =>
          this.#allFind(
            rest,
            places.filter((other) => other !== place),
          ),
        )
      );
    });
  }

  #say(card: string, status: string): void {
    this.statuses.push(`${card} ${status}`);
  }
}

const fits = (car: Kind, place: Kind): boolean => car === 'Unknown' || place === 'Unknown' || car === place;
