import type { ChargerContext } from './charger-context.ts';
import { pauseReasons } from './pause-reasons.ts';

export type ConditionName =
  | 'faulty'
  | 'newFault'
  | 'faultShown'
  | 'disableRequested'
  | 'pauseRequested'
  | 'pausedForReasons'
  | 'reasonsTold'
  | 'authorized'
  | 'transactionUnbegun'
  | 'transactionStarting'
  | 'transactionActive'
  | 'transactionStopping'
  | 'plugged'
  | 'carPlugged'
  | 'carGone'
  | 'carWantsPower'
  | 'carWokenUp'
  | 'limitKnown'
  | 'hasPower'
  | 'relayOpen'
  | 'phaseSwitchWanted'
  | 'errorSequenceWanted';

interface Condition {
  readonly text: string;
  /** What it means that it does not hold. */
  readonly otherwise: string;
  holds(context: ChargerContext): boolean;
}

/** What the rows of the charger's table look at. */
export const chargerConditions: Readonly<Record<ConditionName, Condition>> = {
  faulty: {
    text: 'a fault forbids charging',
    otherwise: 'no fault forbids charging',
    holds: ({ shutdown }) => shutdown !== 'none',
  },
  newFault: {
    text: 'a fault has come in this state',
    otherwise: 'no fault has come in this state',
    holds: ({ shutdown, memory, options }) =>
      shutdown !== 'none' && !memory.faultNoted && options.showFAfterFaultMs > 0,
  },
  faultShown: { text: 'F is shown', otherwise: 'F is not shown', holds: ({ memory }) => memory.faultShown },
  disableRequested: {
    text: 'the EVSE is to be out of service',
    otherwise: 'the EVSE is to be in service',
    holds: ({ disableRequested }) => disableRequested,
  },
  pauseRequested: {
    text: 'somebody asks for a pause',
    otherwise: 'nobody asks for a pause',
    holds: ({ pauseRequested }) => pauseRequested,
  },
  pausedForReasons: {
    text: 'there is a reason to pause: a fault, no power, or somebody asks',
    otherwise: 'there is no reason to pause: no fault, power, and nobody asks',
    holds: (context) => pauseReasons(context).length > 0,
  },
  reasonsTold: {
    text: 'the reasons are those that were told last',
    otherwise: 'the reasons have changed',
    holds: (context) => pauseReasons(context).join() === context.memory.toldReasons,
  },
  authorized: {
    text: 'somebody is authorised',
    otherwise: 'nobody is authorised',
    holds: ({ session }) => session.authorized,
  },
  transactionUnbegun: {
    text: 'no transaction was begun',
    otherwise: 'a transaction was begun',
    holds: ({ session }) => session.transaction === 'none',
  },
  transactionStarting: {
    text: 'the meter begins the transaction',
    otherwise: 'the meter begins no transaction',
    holds: ({ session }) => session.transaction === 'starting',
  },
  transactionActive: {
    text: 'the transaction runs',
    otherwise: 'no transaction runs',
    holds: ({ session }) => session.transaction === 'active',
  },
  transactionStopping: {
    text: 'the meter ends the transaction',
    otherwise: 'the meter ends no transaction',
    holds: ({ session }) => session.transaction === 'stopping',
  },
  plugged: { text: 'a car is plugged in', otherwise: 'no car is plugged in', holds: ({ pilot }) => pilot.plugged },
  carPlugged: {
    text: 'the car is plugged in',
    otherwise: 'the car was unplugged',
    holds: ({ carPlugged }) => carPlugged,
  },
  carGone: {
    text: 'the car was unplugged and is not waited for',
    otherwise: 'the car is there, or waited for',
    holds: ({ carGone }) => carGone,
  },
  carWantsPower: {
    text: 'the car asks for power',
    otherwise: 'the car asks for no power',
    holds: ({ pilot }) => pilot.carWantsPower,
  },
  carWokenUp: { text: 'the car was woken', otherwise: 'the car was not woken', holds: ({ memory }) => memory.wokenUp },
  limitKnown: {
    text: 'the limit is known',
    otherwise: 'the cable at the socket is not read',
    holds: ({ limit }) => limit.limitA !== undefined,
  },
  hasPower: { text: 'there is power', otherwise: 'there is no power', holds: ({ limit }) => limit.hasPower },
  relayOpen: {
    text: 'the relay is open',
    otherwise: 'the relay is closed',
    holds: ({ pilot }) => pilot.relayOpen,
  },
  phaseSwitchWanted: {
    text: 'another number of phases is wanted',
    otherwise: 'no other number of phases is wanted',
    holds: ({ phaseSwitchWanted }) => phaseSwitchWanted,
  },
  errorSequenceWanted: {
    text: 'the modem asks for F',
    otherwise: 'the modem does not ask for F',
    holds: ({ memory }) => memory.errorSequenceWanted,
  },
};
