import type { TransactionPhase } from '../charger/charger-context.ts';

/** Where a charger goes on whose session stands so. */
export function stateAfter(
  transaction: TransactionPhase,
  plugged: boolean,
): 'Idle' | 'WaitingForAuthentication' | 'PrepareCharging' | 'Finished' {
  switch (transaction) {
    case 'active':
    case 'stopping':
      return 'PrepareCharging';
    case 'ended':
    case 'refused':
      return 'Finished';
    case 'none':
    case 'starting':
      return plugged ? 'WaitingForAuthentication' : 'Idle';
  }
}
