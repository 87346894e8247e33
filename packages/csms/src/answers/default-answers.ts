import { formatTimestamp } from '@chargemesh/base';
import { isRecord } from '../checks/field-check.ts';
import { type IdTagInfo, idTagInfo } from '../tags/id-tag-info.ts';
import type { TagList } from '../tags/tag-list.ts';

/** What the right answer to a CALL depends on. */
export interface AnswerContext {
  readonly payload: unknown;
  readonly nowMs: number;
  readonly tags: TagList;
  /** Seconds, for BootNotification.conf. */
  readonly bootIntervalS: number;
  /** The number of the transaction that a StartTransaction began, now or when it was sent before. */
  readonly transactionId: () => number;
  /** Whether the card is in an open transaction other than the one that this CALL is about. */
  readonly inTransaction: (idTag: string) => boolean;
}

type Answer = (context: AnswerContext) => Readonly<Record<string, unknown>>;

const nothing: Answer = () => ({});

/** The right answer to each action of a station; one that is missing here is not implemented. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  Authorize: (context) => ({ idTagInfo: authorise(context) }),
  BootNotification: ({ nowMs, bootIntervalS }) => ({
    status: 'Accepted',
    currentTime: formatTimestamp(nowMs),
    interval: bootIntervalS,
  }),
  // Nobody here knows any vendor's messages.
  DataTransfer: () => ({ status: 'UnknownVendorId' }),
  DiagnosticsStatusNotification: nothing,
  FirmwareStatusNotification: nothing,
  Heartbeat: ({ nowMs }) => ({ currentTime: formatTimestamp(nowMs) }),
  LogStatusNotification: nothing,
  MeterValues: nothing,
  SecurityEventNotification: nothing,
  SignCertificate: () => ({ status: 'Accepted' }),
  SignedFirmwareStatusNotification: nothing,
  StartTransaction: (context) => ({ transactionId: context.transactionId(), idTagInfo: authorise(context) }),
  StatusNotification: nothing,
  StopTransaction: (context) => (idTagOf(context.payload) === undefined ? {} : { idTagInfo: authorise(context) }),
};

/** The actions of a station that a CSMS is asked with. */
export const STATION_ACTIONS: readonly string[] = Object.keys(ANSWERS);

/** The right answer to an action, or undefined where the CSMS does not implement it. */
export function defaultAnswer(action: string, context: AnswerContext): Readonly<Record<string, unknown>> | undefined {
  return Object.hasOwn(ANSWERS, action) ? ANSWERS[action]?.(context) : undefined;
}

function authorise({ payload, tags, nowMs, inTransaction }: AnswerContext): IdTagInfo {
  const idTag = idTagOf(payload);
  return idTag === undefined ? { status: 'Invalid' } : idTagInfo(tags, idTag, nowMs, inTransaction(idTag));
}

function idTagOf(payload: unknown): string | undefined {
  return isRecord(payload) && typeof payload.idTag === 'string' ? payload.idTag : undefined;
}
