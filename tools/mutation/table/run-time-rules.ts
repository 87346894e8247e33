import { core, mesh, type RuleBreak } from '../rule-break.ts';

/** Run time (C) and the wire (F). */
export const runTimeRules: readonly RuleBreak[] = [
  {
    // nothing leads from Preparing to Unavailable
    id: 'C-01',
    file: core('connectors/status-table.ts'),
    find: '  Preparing: { ...CHARGE, ...END },',
    replace: "  Preparing: { ...CHARGE, ...END, toUnavailable: 'Unavailable' },",
  },
  {
    // a connector that there is not is Unavailable
    id: 'C-05',
    file: core('connectors/connectors.ts'),
    find: "this.find(connectorId)?.status ?? 'Unavailable'",
    replace: "this.find(connectorId)?.status ?? 'Available'",
  },
  {
    // a fault hides what happens below it
    id: 'C-11',
    file: core('connectors/connector.ts'),
    find: 'return same || this.faulted ? undefined',
    replace: 'return same ? undefined',
  },
  {
    // the same state is told again only for another reason
    id: 'C-12',
    file: core('connectors/connector.ts'),
    find: 'return same || this.faulted ? undefined',
    replace: 'return this.faulted ? undefined',
  },
  {
    // why an EVSE pauses is told only where the configuration says so
    id: 'C-13',
    file: core('connectors/sessions.ts'),
    find: "const reasons = withReasons ? pause.reasons?.join(',') : undefined;",
    replace: "const reasons = pause.reasons?.join(',');",
  },
  {
    // an error is told once
    id: 'C-15',
    file: core('connectors/connector.ts'),
    find: '    if (this.#errors.has(error.id)) return undefined;\n',
    replace: '',
  },
  {
    // an error that clears under another fault is not told
    id: 'C-16',
    file: core('connectors/connector.ts'),
    find: 'if (!reportCleared) return this.faulted ? undefined : this.#report(newest);',
    replace: 'if (!reportCleared) return this.#report(newest);',
  },
  {
    // the newest error is the one with the latest time
    id: 'C-17',
    file: core('connectors/connector.ts'),
    find: 'newest.timestampMs > error.timestampMs',
    replace: 'newest.timestampMs < error.timestampMs',
  },
  {
    // ReportClearedErrors says what has cleared
    id: 'C-18',
    file: core('connectors/connector.ts'),
    find: 'cleared.vendorErrorCode ?? cleared.errorCode',
    replace: 'cleared.errorCode',
  },
  {
    // texts are cut between characters
    id: 'C-19',
    file: core('cut-text.ts'),
    find: 'Array.from(text.slice(0, 2 * length))',
    replace: "text.slice(0, 2 * length).split('')",
  },
  {
    // a status that does not last is not told
    id: 'C-20',
    file: core('connectors/status-notifier.ts'),
    find: '    this.#waiting.get(connectorId)?.cancel();\n',
    replace: '',
  },
  {
    // what the CSMS asks for waits for no registration
    id: 'C-21',
    file: core('connectors/status-notifier.ts'),
    find: 'wallMs(), { triggered: true });',
    replace: 'wallMs());',
  },
  {
    // a status without a link is dropped
    id: 'C-22',
    file: core('queue/messenger.ts'),
    find: "if (!keep && this.#link === 'down') return void onOutcome?.({ kind: 'undelivered', reason: 'offline' });\n",
    replace: '',
  },
  {
    // a cable that was pulled is released only where the configuration says so
    id: 'C-37',
    file: core('connectors/sessions.ts'),
    find: "if (unplugged && configuration.get('UnlockConnectorOnEVSideDisconnect')) this.#unlock(connectorId);",
    replace: 'if (!unplugged) this.#unlock(connectorId);',
  },
  {
    // a sample has the time at which it was read
    id: 'C-40',
    file: core('metering/sampled-values.ts'),
    find: 'return { sampledValue, timestamp: formatTimestamp(reading.timestampMs) };',
    replace: 'return { sampledValue, timestamp: formatTimestamp(reading.timestampMs + 5000) };',
  },
  {
    // what is offered is rounded down
    id: 'C-45',
    file: core('metering/sampled-values.ts'),
    find: 'value: Math.floor(value ?? 0), unit',
    replace: 'value: Math.round(value ?? 0), unit',
  },
  {
    // clock-aligned samples wait until the CSMS has accepted the station
    id: 'C-46',
    file: core('transactions/meter-values.ts'),
    find: '    for (const { connectorId } of transactions.running()) this.#scheduler.transactionStarted(connectorId);\n',
    replace:
      '    for (const { connectorId } of transactions.running()) this.#scheduler.transactionStarted(connectorId);\n    this.startAligned();\n',
  },
  {
    // clock-aligned samples go with the end of their transaction
    id: 'C-47',
    file: core('metering/transaction-data.ts'),
    find: "configuration.get('MeterValuesAlignedData'), record: configuration.get('StopTxnAlignedData')",
    replace: "configuration.get('MeterValuesAlignedData'), record: ''",
  },
  {
    // how far the meter is, is written down with each sample
    id: 'C-48',
    file: core('transactions/transactions.ts'),
    find: '      if (ledgerId !== undefined && totalWh !== undefined) ledger.measured(ledgerId, roundEnergyWh(totalWh), atMs);\n',
    replace: '',
  },
  {
    // clock-aligned samples are chosen by their own list
    id: 'C-50',
    file: core('metering/transaction-data.ts'),
    find: "context === 'Sample.Clock' ? aligned : others",
    replace: "context === 'Sample.Clock' ? others : aligned",
  },
  {
    // a begin value that is there is not put in again
    id: 'C-51',
    file: core('transactions/transactions.ts'),
    find: 'finished.signedStart && !hasBegin',
    replace: 'finished.signedStart',
  },
  {
    // a stop is thinned until it fits
    id: 'C-53',
    file: core('metering/transaction-data.ts'),
    find: 'while (kept.length > 2 && kept.reduce',
    replace: 'if (kept.length > 2 && kept.reduce',
  },
  {
    // what QueueAllMessages has kept is forgotten where it is off
    id: 'C-61',
    file: core('queue/normal-queue.ts'),
    find: "      this.#store.exec('DELETE FROM NORMAL_QUEUE');\n      return;\n",
    replace: '',
  },
  {
    // a kept message is not lost with its link
    id: 'C-61',
    file: core('queue/messenger.ts'),
    find: "      if (message.rowId !== undefined && outcome.kind === 'undelivered') return;\n",
    replace: '',
  },
  {
    // one request at a time
    id: 'C-62',
    file: core('queue/messenger.ts'),
    find: "if (this.#link === 'down' || outbound.busy || held()) return;",
    replace: "if (this.#link === 'down' || held()) return;",
  },
  {
    // an answer has the retry interval more with each attempt
    id: 'C-63',
    file: core('queue/messenger.ts'),
    find: 'timeoutMs: ANSWER_TIMEOUT_MS + this.#intervalMs() * attempt,',
    replace: 'timeoutMs: ANSWER_TIMEOUT_MS + this.#intervalMs(),',
  },
  {
    // the minute before the next boot counts from the last
    id: 'C-64',
    file: core('boot/registration.ts'),
    find: 'this.#again(Math.max(0, RETRY_S - tookMs / 1000));',
    replace: 'this.#again(RETRY_S);',
  },
  {
    // a full queue loses normal messages first
    id: 'C-65',
    file: core('queue/overflow.ts'),
    find: 'while (excess() > 0 && normal.length > 0) {',
    replace: 'while (excess() > 0 && normal.length > transactions.length) {',
  },
  {
    // the last meter value stays
    id: 'C-65',
    file: core('queue/overflow.ts'),
    find: 'values.slice(0, -1).filter((_, index) => index % 2 === 0)',
    replace: 'values.filter((_, index) => index % 2 === 0)',
  },
  {
    // no own request goes out before the answer to one of the CSMS
    id: 'C-67',
    file: core('queue/messenger.ts'),
    find: "if (this.#link === 'down' || outbound.busy || held()) return;",
    replace: "if (this.#link === 'down' || outbound.busy) return;",
  },
  {
    // the first connection waits for no delay
    id: 'C-68',
    file: core('queue/messenger.ts'),
    find: 'const delayMs = this.#wasUp ? this.#parts.resumeDelayMs : 0;',
    replace: 'const delayMs = this.#parts.resumeDelayMs;',
  },
  {
    // an interval of 0 leaves the configured one alone
    id: 'C-70',
    file: core('dialogue.ts'),
    find: "if (response.intervalS > 0) configuration.set('HeartbeatInterval', response.intervalS);",
    replace: "configuration.set('HeartbeatInterval', response.intervalS);",
  },
  {
    // a Pending station asks again after the interval
    id: 'C-71',
    file: core('boot/registration.ts'),
    find: "if (answer.status !== 'Accepted') this.#again(intervalS > 0 ? intervalS : RETRY_S);",
    replace: "if (answer.status !== 'Accepted') this.#again(RETRY_S);",
  },
  {
    // a Rejected station answers nothing
    id: 'C-72',
    file: core('assembly.ts'),
    find: "open: () => registration.status === 'Accepted' || registration.status === 'Pending',",
    replace: "open: () => registration.status !== 'Unregistered',",
  },
  {
    // a start after a reset is another event than one after power
    id: 'C-76',
    file: core('boot/start-event.ts'),
    find: "    case 'RemoteReset':\n    case 'ScheduledReset':\n      return { type: 'ResetOrReboot'",
    replace: "    case 'RemoteReset':\n    case 'ScheduledReset':\n      return { type: 'StartupOfTheDevice'",
  },
  {
    // an interval of 0 stops heartbeats
    id: 'C-77',
    file: core('boot/heartbeat.ts'),
    find: 'if (intervalS > 0) this.#timer = this.#clock.setPeriodic(intervalS * 1000,',
    replace: 'this.#timer = this.#clock.setPeriodic(Math.max(1, intervalS) * 1000,',
  },
  {
    // a late answer to a stop takes nothing from the next car
    id: 'C-130',
    file: core('connectors/availability.ts'),
    find: 'if (!this.#isBusy(connectorId)) this.useEnded(connectorId);',
    replace: 'this.useEnded(connectorId);',
  },
  {
    // a CSMS has to pick the sub-protocol
    id: 'F-01',
    file: core('transport/websocket-transport.ts'),
    find: "export const SUB_PROTOCOL = 'ocpp1.6';",
    replace: "export const SUB_PROTOCOL = 'ocpp2.0';",
  },
  {
    // an identity is encoded
    id: 'F-10',
    file: core('transport/csms-url.ts'),
    find: 'segments.push(encodeURIComponent(identity));',
    replace: 'segments.push(identity);',
  },
  {
    // a connection sets the back-off back
    id: 'F-22',
    file: core('transport/link.ts'),
    find: '    this.#backOff.reset();\n',
    replace: '',
  },
  {
    // the waits are jittered
    id: 'F-22',
    file: core('transport/back-off.ts'),
    find: 'const chanceMs = this.#random.integer(0, randomRangeS * 1000);',
    replace: 'const chanceMs = 0 * randomRangeS;',
  },
  {
    // after a disconnect nothing is dialled
    id: 'F-23',
    file: core('transport/link.ts'),
    find: "    this.#close('never', 1000, reason);",
    replace: "    this.#close('soon', 1000, reason);",
  },
  {
    // a pong that does not come ends the connection
    id: 'F-24',
    file: core('transport/ping-pong.ts'),
    find: 'this.#deadline = clock.setTimer(pongTimeoutS * 1000, lost);',
    replace: 'this.#deadline = clock.setTimer(pongTimeoutS * 1000, () => void lost);',
  },
  {
    // a ping carries no more than it can
    id: 'F-24',
    file: core('transport/websocket-transport.ts'),
    find: 'Buffer.from(payload).subarray(0, PING_BYTES)',
    replace: 'Buffer.from(payload)',
  },
  {
    // no CSMS is dialled without a pause
    id: 'F-22',
    file: core('transport/back-off.ts'),
    find: 'Math.min(Math.max(this.#lastMs, SHORTEST_MS), LONGEST_MS)',
    replace: 'Math.min(this.#lastMs, LONGEST_MS)',
  },
  {
    // the certificate behind one is checked for the address that was dialled
    id: 'proxies',
    file: core('transport/proxy-tunnel.ts'),
    find: 'checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),',
    replace: "checkServerIdentity: (_, certificate) => checkServerIdentity('localhost', certificate),",
  },
  {
    // no connection to one stays open that nobody waits for
    id: 'proxies',
    file: core('transport/websocket-transport.ts'),
    find: '      abandon.abort();\n',
    replace: '',
  },
  {
    // a CSMS that takes nothing counts as gone
    id: 'F-26',
    file: core('transport/websocket-transport.ts'),
    find: 'if (leftMs <= 0) this.#stuck();',
    replace: 'if (leftMs <= 0) return;',
  },
  {
    // a message has a greatest length
    id: 'F-27',
    file: core('transport/websocket-transport.ts'),
    find: '    maxPayload: MAX_PAYLOAD_BYTES,\n',
    replace: '',
  },
  {
    // what is no frame is refused under the id -1
    id: 'F-41',
    file: core('rpc/inbound.ts'),
    find: "frame.id ?? '-1',",
    replace: "frame.id ?? '',",
  },
  {
    // message types of later versions are not answered
    id: 'F-42',
    file: core('rpc/frame.ts'),
    find: 'silent: true };\n  if (typeof id',
    replace: 'silent: false };\n  if (typeof id',
  },
  {
    // an action that is not offered is NotSupported
    id: 'F-43',
    file: core('rpc/inbound.ts'),
    find: "this.#refuse(id, new RpcError('NotSupported',",
    replace: "this.#refuse(id, new RpcError('NotImplemented',",
  },
  {
    // a malformed request is a security event
    id: 'F-44',
    file: core('rpc/inbound.ts'),
    find: '      invalid(text);\n      const details',
    replace: '      const details',
  },
  {
    // an answer belongs to the request that is under way
    id: 'F-49',
    file: core('rpc/outbound.ts'),
    find: 'this.#inFlight?.id === frame.id ? this.#inFlight : undefined',
    replace: 'this.#inFlight',
  },
  {
    // the description of a refusal has its length
    id: 'F-55',
    file: core('rpc/frame.ts'),
    find: 'cutText(description, 255)',
    replace: 'cutText(description, 256)',
  },
  {
    // loopback addresses are reached directly
    id: 'proxies',
    file: core('transport/proxy-from-environment.ts'),
    find: '  if (LOOPBACK.test(http.hostname)) return undefined;\n',
    replace: '',
  },
  {
    // what tells of sessions waits for the start
    id: 'C-06',
    file: mesh('ocpp-service.ts'),
    find: 'for (const tell of this.#waiting.splice(0)) this.#tell(tell);',
    replace: 'this.#waiting.splice(0);',
  },
  {
    // connection and disconnection by MQTT need a word of the configuration
    id: 'F-28',
    file: mesh('module.ts'),
    find: '  if (config.EnableExternalWebsocketControl) {',
    replace: '  if (!config.EnableExternalWebsocketControl) {',
  },
];
