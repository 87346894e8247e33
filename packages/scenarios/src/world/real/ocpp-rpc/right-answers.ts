import { defaultAnswer, type TagList } from '@chargemesh/csms';
import { NumberedTransactions } from './numbered-transactions.ts';

/** Seconds, in BootNotification.conf. */
const BOOT_INTERVAL_S = 300;

/** What a CSMS on `ocpp-rpc` answers; the requests have passed the schemas of that library before. */
export class RightAnswers {
  readonly #tags: TagList;
  readonly #transactions = new NumberedTransactions();

  constructor(tags: TagList) {
    this.#tags = tags;
  }

  /** The answer to a request, or undefined where the action is none that a station may ask for. */
  answer(
    action: string,
    request: Readonly<Record<string, unknown>>,
    nowMs: number,
  ): Readonly<Record<string, unknown>> | undefined {
    if (action === 'StopTransaction') this.#transactions.stop(Number(request.transactionId));
    let begun: number | undefined;
    return defaultAnswer(action, {
      payload: request,
      nowMs,
      tags: this.#tags,
      bootIntervalS: BOOT_INTERVAL_S,
      transactionId: () => {
        begun = this.#transactions.start({
          connectorId: Number(request.connectorId),
          idTag: String(request.idTag),
          meterStart: Number(request.meterStart),
          timestamp: String(request.timestamp),
        });
        return begun;
      },
      // Only for a start it is looked at where else the card is.
      inTransaction: (idTag) => begun !== undefined && this.#transactions.holds(idTag, begun),
    });
  }
}
