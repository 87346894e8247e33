import { parseTimestamp } from '@chargemesh/base';
import type { ToldTime } from '../boot/time-of-answer.ts';
import type { Messenger } from '../queue/messenger.ts';
import { responseOf } from '../rpc/typed.ts';

/**
 * Sends a Heartbeat and passes on the time that it is answered with.
 * @param over called when it is answered, or will not be
 * @see OCPP 1.6, 4.6
 */
export function sendHeartbeat(
  messenger: Messenger,
  told: (time: ToldTime) => void,
  { triggered, over }: { triggered: boolean; over: () => void },
): void {
  messenger.send(
    'Heartbeat',
    {},
    {
      triggered,
      onOutcome: (outcome, tookMs = 0) => {
        over();
        if (outcome.kind !== 'answered') return;
        const currentTimeMs = parseTimestamp(responseOf('Heartbeat', outcome.payload).currentTime);
        if (currentTimeMs !== undefined) told({ currentTimeMs, tookMs });
      },
    },
  );
}
