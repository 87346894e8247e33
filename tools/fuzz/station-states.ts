import { type ConnectorStatus, type RegistrationStatus, sessionId } from '@chargemesh/ocpp-core';
import type { Bench } from '../../packages/ocpp-core/test/support/bench.ts';

/** A state of the station in which frames are let loose on it. */
export interface StationState {
  readonly name: string;
  /** What brings a station that has booted into it. */
  readonly enter?: (bench: Bench) => void | Promise<void>;
  /** Whether the station is still in it. Left out: it stays. */
  readonly holds?: (bench: Bench) => boolean;
  /** What the CSMS answers to BootNotification. Left out: Accepted. */
  readonly boot?: Exclude<RegistrationStatus, 'Accepted'> | 'silence';
  /** Of everything optional, nothing is switched on. */
  readonly coreOnly?: boolean;
  /** `follows`: what is asked of it happens. `remembers`, the usual: it says yes and does nothing. */
  readonly station?: 'follows' | 'fails' | 'slow';
  /** The first write that follows a frame fails. */
  readonly diskFull?: boolean;
  /** Longest queue of messages. */
  readonly queueLimit?: number;
}

/** Enough to fill a queue of this length. */
const QUEUE = 20;

const told =
  (wanted: ConnectorStatus) =>
  ({ chargePoint }: Bench): boolean =>
    chargePoint.connectorStatus(1) === wanted;
const session = (bench: Bench): void =>
  bench.chargePoint.sessionStarted(1, { sessionId: sessionId('plugged'), reason: 'EVConnected' });

/** All states. Each action has to have been tried in each. */
export const stationStates: readonly StationState[] = [
  { name: 'idle', holds: told('Available') },
  { name: 'idle, its hardware follows', station: 'follows' },
  { name: 'preparing', enter: session, holds: told('Preparing') },
  { name: 'charging', enter: charged, holds: told('Charging') },
  { name: 'charging, its hardware follows', enter: charged, station: 'follows' },
  {
    name: 'charging, the start not answered yet',
    enter: (bench) => {
      bench.csms.on('StartTransaction', 'silence');
      charge(bench);
    },
    holds: told('Charging'),
  },
  {
    name: 'suspended by the car',
    enter: (bench) => {
      charge(bench);
      bench.chargePoint.pausedByEv(1);
    },
    holds: told('SuspendedEV'),
  },
  {
    name: 'suspended by the station',
    enter: (bench) => {
      charge(bench);
      bench.chargePoint.pausedByEvse(1);
    },
    holds: told('SuspendedEVSE'),
  },
  { name: 'finishing', enter: (bench) => bench.end(charge(bench)), holds: told('Finishing') },
  {
    name: 'reserved',
    enter: (bench) => {
      bench.station.reservation = 'ReservedForOtherToken';
      bench.chargePoint.reservationStarted(1);
    },
    holds: told('Reserved'),
  },
  {
    name: 'unavailable',
    enter: ({ chargePoint }) => {
      chargePoint.changeAvailability(1, 'Inoperative');
      chargePoint.disabled(1);
    },
    holds: told('Unavailable'),
  },
  {
    name: 'faulted',
    enter: ({ chargePoint, clock }) => {
      const error = { errorCode: 'GroundFailure', fault: true, timestampMs: clock.wallMs() } as const;
      chargePoint.errorRaised(1, { ...error, id: 'fault' });
    },
    holds: told('Faulted'),
  },
  {
    name: 'queue full after an outage',
    enter: fillQueue,
    holds: ({ chargePoint }) => queued(chargePoint) >= QUEUE,
    queueLimit: QUEUE,
  },
  { name: 'a firmware waits', enter: firmwareWaits },
  {
    name: 'diagnostics are uploaded',
    enter: ({ chargePoint }) => chargePoint.diagnosticsStatus('Uploading'),
    holds: told('Available'),
  },
  { name: 'a reset waits', enter: resetWaits, holds: told('Charging') },
  { name: 'boot pending', boot: 'Pending', holds: ({ chargePoint }) => chargePoint.registration === 'Pending' },
  { name: 'boot rejected', boot: 'Rejected', holds: ({ chargePoint }) => chargePoint.registration === 'Rejected' },
  {
    name: 'boot not answered',
    boot: 'silence',
    holds: ({ chargePoint }) => chargePoint.registration === 'Unregistered',
  },
  { name: 'core profile alone', coreOnly: true },
  { name: 'its hardware fails', station: 'fails', enter: charged },
  { name: 'its hardware is slow', station: 'slow', enter: charged },
  { name: 'the disk is full', diskFull: true, enter: charged },
];

/** A transaction with a meter that has been read. */
function charge(bench: Bench): ReturnType<Bench['begin']> {
  const id = bench.begin();
  bench.read(1_000);
  return id;
}

function charged(bench: Bench): void {
  charge(bench);
}

/** So many sessions while the CSMS was away that the queue had to be thinned; it is back, and silent. */
async function fillQueue(bench: Bench): Promise<void> {
  bench.csms.reachable = false;
  bench.csms.drop();
  for (let at = 0; at < QUEUE; at++) bench.end(bench.begin());
  bench.csms.reachable = true;
  bench.csms.on('StartTransaction', 'silence');
  bench.chargePoint.connect();
  await bench.clock.advance(1);
}

function queued(chargePoint: Bench['chargePoint']): number {
  return chargePoint.queued().transaction;
}

function firmwareWaits(bench: Bench): void {
  charge(bench);
  bench.chargePoint.firmwareStatus('Downloaded');
}

async function resetWaits(bench: Bench): Promise<void> {
  charge(bench);
  bench.station.resetAllowed = true;
  bench.csms.send(JSON.stringify([2, 'reset', 'Reset', { type: 'Soft' }]));
  await bench.clock.settle();
}
