import type { ChargerContext } from './charger-context.ts';

/** Whether the transaction is to end for good: no authorisation, no transaction, no car, or the EVSE is to be disabled. */
export function endsForGood({ session, carGone, disableRequested }: ChargerContext): boolean {
  return !session.authorized || session.transaction !== 'active' || carGone || disableRequested;
}

/** Whether charging must not go on now: it ends for good, or a fault forbids it. */
export function mustStop(context: ChargerContext): boolean {
  return context.shutdown !== 'none' || endsForGood(context);
}
