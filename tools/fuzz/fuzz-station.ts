import type { Clock, Random } from '@chargemesh/base';
import type { ChargePoint, Station } from '@chargemesh/ocpp-core';
import { FakeStation } from '../../packages/ocpp-core/test/support/fake-station.ts';
import { happens, pick } from './chance.ts';

/** Longer than the library waits for a handler before it goes on with its own requests. */
export const SLOW_MS = 31_000;

/** What is asked of this station happens: connectors open and close, transactions end, reservations are made. */
export function follow(station: FakeStation, chargePoint: ChargePoint, wallMs: () => number): void {
  station.onSetAvailability = (connectorId, operative) => {
    if (operative) chargePoint.enabled(connectorId);
    else chargePoint.disabled(connectorId);
  };
  station.onStop = (connectorId, reason) => {
    const running = chargePoint.openTransactions().find((transaction) => transaction.connectorId === connectorId);
    if (!running) return;
    const { sessionId, meterStartWh } = running;
    const stop = { sessionId, reason, meterStopWh: meterStartWh + 1, timestampMs: wallMs() };
    chargePoint.transactionFinished(connectorId, stop);
  };
  station.dataTransfer = async ({ vendorId }) =>
    vendorId === 'TAG1' ? { status: 'Accepted', data: vendorId } : { status: 'UnknownVendorId' };
}

/** The hardware says now this, now that. */
export function answerAtRandom(station: FakeStation, random: Random): void {
  station.unlockResult = pick(random, ['Unlocked', 'UnlockFailed', 'NotSupported']);
  station.resetAllowed = happens(random, 0.5);
  station.reservation = pick(random, ['NotReserved', 'ReservedForToken', 'ReservedForOtherToken']);
  station.reservationResult = pick(random, ['Accepted', 'Occupied', 'Rejected', 'Unavailable', 'Faulted']);
  station.reservationExists = happens(random, 0.5);
  station.diagnosticsName = pick(random, ['diagnostics.tar.gz', 'x'.repeat(300), undefined]);
}

/** A station of which nothing works: each call is refused. */
export function failingStation(): Station {
  return playedBy((name) => Promise.reject(new Error(`${name} is broken`)));
}

/** A station that takes its time for each call. */
export function slowStation(world: () => { readonly clock: Clock; readonly station: FakeStation }): Station {
  return playedBy(async (name, args) => {
    const { clock, station } = world();
    await clock.sleep(SLOW_MS);
    const method: unknown = Reflect.get(station, name);
    return typeof method === 'function' ? method.apply(station, args) : undefined;
  });
}

function playedBy(play: (name: string, args: readonly unknown[]) => Promise<unknown>): Station {
  return new Proxy(new FakeStation(), {
    get:
      (_, name) =>
      (...args: unknown[]) =>
        play(String(name), args),
  });
}
