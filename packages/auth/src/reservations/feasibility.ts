import type { ConnectorType } from '../evse.ts';

/** An EVSE where a car could still go: the kinds of its usable connectors. */
export type Place = readonly ConnectorType[];

/** Whether a car of a kind can be charged at a place. What is not known fits everything. */
export function fits(car: ConnectorType, place: Place): boolean {
  return place.some((connector) => car === 'Unknown' || connector === 'Unknown' || connector === car);
}

/**
 * Whether each of these cars finds a free place, in whatever order they come and wherever those before it chose to park.
 *
 * A car is left without a place exactly when the others can fill all the places that fit it; the others then come first. So it is
 * enough to ask, for each kind of car, how many of its places the others can fill at most, which is a matching.
 */
export function allFindPlaces(cars: readonly ConnectorType[], places: readonly Place[]): boolean {
  return [...new Set(cars)].every((kind) => {
    const own = places.filter((place) => fits(kind, place));
    const others = [...cars];
    others.splice(others.indexOf(kind), 1);
    return own.length > 0 && mostFilled(others, own) < own.length;
  });
}

/** The largest number of places that cars can fill, one each: augmenting paths. */
function mostFilled(cars: readonly ConnectorType[], places: readonly Place[]): number {
  const holders: (number | undefined)[] = places.map(() => undefined);
  const park = (car: number, tried: Set<number>): boolean =>
    places.some((place, at) => {
      const kind = cars[car];
      if (kind === undefined || tried.has(at) || !fits(kind, place)) return false;
      tried.add(at);
      const holder = holders[at];
      if (holder !== undefined && !park(holder, tried)) return false;
      holders[at] = car;
      return true;
    });
  return cars.filter((_, car) => park(car, new Set())).length;
}
