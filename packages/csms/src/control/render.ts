import { formatTimestamp } from '@chargemesh/base';
import { isRecord } from '../checks/field-check.ts';

type Json = Readonly<Record<string, unknown>>;

/** The answer of `list` as a table, a line a connector. */
export function renderList(json: unknown): string {
  const stations = records(json);
  if (stations.length === 0) return 'No station has connected yet.\n';
  const rows = stations.flatMap((station) => {
    const connectors = records(station.connectors);
    const own = [text(station.station), linkOf(station), text(station.model)];
    const tail = count(station.violations);
    if (connectors.length === 0) return [[...own, '', text(station.registration), '', '', '', '', '', tail]];
    return connectors.map((connector, at) => {
      const transaction = isRecord(connector.transaction) ? connector.transaction : {};
      return [
        ...(at === 0 ? own : ['', '', '']),
        text(connector.connectorId),
        statusOf(connector),
        text(transaction.id),
        text(transaction.idTag),
        energy(transaction.energyWh),
        power(transaction.powerW),
        duration(transaction.durationS),
        at === 0 ? tail : '',
      ];
    });
  });
  return table(
    ['STATION', 'LINK', 'MODEL', 'CONN', 'STATUS', 'TX', 'ID TAG', 'ENERGY', 'POWER', 'DURATION', 'VIOLATIONS'],
    rows,
  );
}

/** The answer of `ledger` as a table, a line a transaction. */
export function renderLedger(json: unknown): string {
  const rows = records(json).flatMap((station) =>
    records(station.transactions).map((transaction) => [
      text(station.station),
      text(transaction.connectorId),
      text(transaction.id) || '(none)',
      text(transaction.idTag),
      text(transaction.started),
      duration(transaction.durationS),
      energy(transaction.energyWh),
      `${text(transaction.meterStartWh)} → ${text(transaction.meterStopWh) || '…'}`,
      endOf(transaction),
      resends(transaction.resends),
    ]),
  );
  if (rows.length === 0) return 'No transaction yet.\n';
  return table(
    ['STATION', 'CONN', 'TX', 'ID TAG', 'STARTED', 'DURATION', 'ENERGY', 'METER Wh', 'REASON', 'RESENDS'],
    rows,
  );
}

/** The answer of `violations` as lines. */
export function renderViolations(json: unknown): string {
  const violations = records(json);
  if (violations.length === 0) return 'No violation.\n';
  return table(
    ['AT', 'STATION', 'RULE', 'WHAT'],
    violations.map(({ at, station, rule, message }) => [text(at), text(station), text(rule), text(message)]),
  );
}

/** The answer of `rules` as lines. */
export function renderRules(json: unknown): string {
  const rules = Object.entries(isRecord(json) ? json : {});
  return table(
    ['RULE', 'WHAT IT SAYS'],
    rules.map(([code, says]) => [code, text(says)]),
  );
}

/** The answer of `tags` as a table, a line a card. */
export function renderTags(json: unknown): string {
  const { tags, unknown } = isRecord(json) ? json : {};
  const rows = records(tags).map(({ id, status, parentIdTag, expiresMs, single }) => [
    text(id),
    text(status),
    text(parentIdTag),
    typeof expiresMs === 'number' ? formatTimestamp(expiresMs) : '',
    single === true ? 'one transaction' : '',
  ]);
  return `${table(['CARD', 'STATUS', 'GROUP', 'EXPIRES', 'AT A TIME'], [...rows, ['any other', text(unknown), '', '', '']])}`;
}

/** One frame that `frames` gives as a line: when, whose, which way as the station sees it, and what. */
export function renderFrame(json: unknown): string {
  const { at, station, dir, text: said } = isRecord(json) ? json : {};
  return `${text(at)} ${text(station)} ${WAYS[text(dir)] ?? '·'} ${text(said)}`;
}

const WAYS: Readonly<Record<string, string>> = { rx: '→', tx: '←' };

/** The answer of `answer`, `answers` and `resetAnswers` as lines. */
export function renderAnswers(json: unknown): string {
  const answers = records(json);
  if (answers.length === 0) return 'Everything is answered as it should be.\n';
  return table(
    ['ACTION', 'ANSWER', 'STATION', 'NEXT'],
    answers.map(({ action, answer, station, left }) => [
      text(action),
      text(answer),
      text(station) || 'all',
      text(left) || 'all',
    ]),
  );
}

/** The answer of `call`: the payload, or the CALLERROR. */
export function renderOutcome(json: unknown): string {
  if (!isRecord(json)) return `${JSON.stringify(json)}\n`;
  if (json.kind === 'error') return `CALLERROR ${text(json.code)} ${text(json.description)}`.trimEnd().concat('\n');
  return `${JSON.stringify(json.payload, null, 2)}\n`;
}

function endOf({ stopped, superseded, reason }: Json): string {
  if (stopped !== null) return text(reason);
  return superseded === true ? 'never stopped' : 'open';
}

function linkOf({ connected, halfOpen }: Json): string {
  if (connected !== true) return 'away';
  return halfOpen === true ? 'half open' : 'connected';
}

function statusOf(connector: Json): string {
  const code = text(connector.errorCode);
  return code === '' || code === 'NoError' ? text(connector.status) : `${text(connector.status)} (${code})`;
}

function resends(value: unknown): string {
  const { start, meterValues, stop } = isRecord(value) ? value : {};
  const sum = [start, meterValues, stop].reduce<number>(
    (total, part) => total + (typeof part === 'number' ? part : 0),
    0,
  );
  return count(sum);
}

function energy(value: unknown): string {
  return typeof value === 'number' ? `${(value / 1000).toFixed(3)} kWh` : '';
}

function power(value: unknown): string {
  return typeof value === 'number' ? `${(value / 1000).toFixed(1)} kW` : '';
}

function duration(value: unknown): string {
  if (typeof value !== 'number') return '';
  const pad = (part: number): string => String(Math.floor(part)).padStart(2, '0');
  return `${Math.floor(value / 3600)}:${pad((value % 3600) / 60)}:${pad(value % 60)}`;
}

function count(value: unknown): string {
  return typeof value === 'number' && value > 0 ? String(value) : '';
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function records(json: unknown): Json[] {
  return Array.isArray(json) ? json.filter(isRecord) : [];
}

/** Columns are as wide as their widest cell; those that are empty in every row are left out. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = head.map((_, at) => at).filter((at) => rows.some((row) => row[at] !== ''));
  const widths = shown.map((at) => Math.max(...[head, ...rows].map((row) => [...(row[at] ?? '')].length)));
  const line = (row: readonly string[]): string =>
    shown
      .map((at, column) => (row[at] ?? '').padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return `${[head, ...rows].map(line).join('\n')}\n`;
}
