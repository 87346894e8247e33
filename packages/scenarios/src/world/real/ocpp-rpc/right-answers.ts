import { formatTimestamp } from '@chargemesh/base';
import { type IdTagInfo, idTagInfo, type TagList } from '@chargemesh/csms';
import { NumberedTransactions, type StartRequest } from './numbered-transactions.ts';

/** Seconds, in BootNotification.conf. */
const BOOT_INTERVAL_S = 300;

/** Actions of a station that are answered with nothing. */
const ACKNOWLEDGED: ReadonlySet<string> = new Set([
  'DiagnosticsStatusNotification',
  'FirmwareStatusNotification',
  'LogStatusNotification',
  'MeterValues',
  'SecurityEventNotification',
  'SignedFirmwareStatusNotification',
  'StatusNotification',
]);

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
    if (ACKNOWLEDGED.has(action)) return {};
    const currentTime = formatTimestamp(nowMs);
    switch (action) {
      case 'Authorize':
        return { idTagInfo: this.#idTagInfo(request.idTag, nowMs) };
      case 'BootNotification':
        return { status: 'Accepted', currentTime, interval: BOOT_INTERVAL_S };
      case 'DataTransfer':
        return { status: 'UnknownVendorId' };
      case 'Heartbeat':
        return { currentTime };
      case 'SignCertificate':
        return { status: 'Accepted' };
      case 'StartTransaction':
        return this.#start(request, nowMs);
      case 'StopTransaction':
        this.#transactions.stop(Number(request.transactionId));
        return request.idTag === undefined ? {} : { idTagInfo: this.#idTagInfo(request.idTag, nowMs) };
      default:
        return undefined;
    }
  }

  #start(request: Readonly<Record<string, unknown>>, nowMs: number): Readonly<Record<string, unknown>> {
    const start: StartRequest = {
      connectorId: Number(request.connectorId),
      idTag: String(request.idTag),
      meterStart: Number(request.meterStart),
      timestamp: String(request.timestamp),
    };
    const transactionId = this.#transactions.start(start);
    const isElsewhere = this.#transactions.holds(start.idTag, transactionId);
    return { transactionId, idTagInfo: this.#idTagInfo(start.idTag, nowMs, isElsewhere) };
  }

  #idTagInfo(idTag: unknown, nowMs: number, inTransaction = false): IdTagInfo {
    return idTagInfo(this.#tags, String(idTag), nowMs, inTransaction);
  }
}
