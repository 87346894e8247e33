import { formatTimestamp } from '@chargemesh/base';
import type { LoggedFrame } from '../charge-point-types.ts';
import type { FrameSummary } from './frame-summary.ts';

/** The first line of a log in HTML. What follows is a row a frame; browsers close the table themselves, so that nothing has to be rewritten. */
export const htmlHead: string = [
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>OCPP messages</title><style>',
  'body{font:14px sans-serif}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:2px 6px;text-align:left;vertical-align:top}',
  'pre{margin:0;white-space:pre-wrap;word-break:break-word}tr.out{background:#eef6ff}tr.error{background:#fee}',
  '</style></head><body><table><thead><tr><th>Time</th><th>Way</th><th>Kind</th><th>Action</th><th>Id</th><th>Content</th></tr></thead><tbody>',
].join('');

/** A frame as a row on one line. What comes from the CSMS is text there, whatever it looks like. */
export function htmlRow(
  { timestampMs, direction }: Pick<LoggedFrame, 'timestampMs' | 'direction'>,
  { kind, action, id, content }: FrameSummary,
): string {
  const cells = [
    formatTimestamp(timestampMs),
    direction === 'out' ? 'to the CSMS' : 'from the CSMS',
    kind,
    action,
    id,
  ].map((text) => `<td>${literal(text)}</td>`);
  const shown = typeof content === 'string' ? content : (JSON.stringify(content, undefined, 2) ?? '');
  const look = kind === 'CALL' || kind === 'CALLRESULT' ? direction : 'error';
  return `<tr class="${look}">${cells.join('')}<td><pre>${literal(shown)}</pre></td></tr>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function literal(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign).replaceAll(/\r?\n|\r/g, '&#10;');
}
