export { AnswerBook, type AnswerScope, type SetAnswer } from './answers/answer-book.ts';
export { type Behaviour, describeBehaviour } from './answers/behaviour.ts';
export { defaultAnswer } from './answers/default-answers.ts';
export { ANSWER_USAGE, parseAnswer } from './answers/parse-answer.ts';
export { checkCall } from './checks/check-call.ts';
export { checkFields } from './checks/field-check.ts';
export { type Frame, parseFrame, RPC_ERROR_CODES } from './checks/frame.ts';
export { type Report, RULES, type RuleCode, type Violation } from './checks/rules.ts';
export type { FrameValidator, SchemaFault } from './checks/schema-validator.ts';
export { type CheckerOptions, type Received, StationChecker } from './checks/station-checker.ts';
export type { Field, Fields, MessageTable, MessageTables } from './checks/tables/field.ts';
export { MESSAGES, messageTable } from './checks/tables/messages.ts';
export { type CsmsMethod, csmsMethods, type MethodCall, type ShownFrame } from './control/csms-methods.ts';
export {
  renderAnswers,
  renderFrame,
  renderLedger,
  renderList,
  renderOutcome,
  renderRules,
  renderTags,
  renderViolations,
} from './control/render.ts';
export type { ConnectorSummary, StationSummary, TimedStation, TimedTransaction } from './control/summary.ts';
export { type CallOptions, Csms, type CsmsOptions } from './csms.ts';
export { CsmsError, type CsmsErrorCode } from './csms-error.ts';
export type { ConfigurationEntry } from './ledger/configuration-book.ts';
export { type KeptStation, LEDGER_MIGRATIONS, LedgerStore } from './ledger/ledger-store.ts';
export type { Registration } from './ledger/registration-book.ts';
export type { StationView } from './ledger/station-view.ts';
export { type ConnectorView, STATUS_TRANSITIONS } from './ledger/status-book.ts';
export { type LedgerTransaction, viewTransaction } from './ledger/transaction.ts';
export { type ServeCsmsOptions, type ServedCsms, serveCsms } from './serve-csms.ts';
export type { Passwords } from './server/passwords.ts';
export type { CallOutcome } from './stations/call-queue.ts';
export type { LinkEvents, StationLink } from './stations/link.ts';
export type { PassedFrame } from './stations/station.ts';
export { type IdTagInfo, idTagInfo } from './tags/id-tag-info.ts';
export { parseTags } from './tags/parse-tags.ts';
export { type AuthorizationStatus, sameTag, type Tag, TagList } from './tags/tag-list.ts';
export {
  type CheckTranscriptOptions,
  checkTranscript,
  readTranscript,
  type TranscriptFindings,
} from './transcript/check-transcript.ts';
export { parseTranscriptLine, type TranscriptEntry, transcriptLine } from './transcript/transcript.ts';
