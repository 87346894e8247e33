import { formatTimestamp } from '@chargemesh/base';
import type { BusLine } from './bus-line.ts';

/** Longer values are cut, unless they are asked for in full. */
const SHOWN_CHARACTERS = 160;

/** Writes messages as lines that a person can read; a call and its answer become one. */
export class LineText {
  readonly #full: boolean;
  readonly #calls = new Map<string, Extract<BusLine, { kind: 'call' }>>();

  constructor(full: boolean) {
    this.#full = full;
  }

  /** @returns the line, or undefined where it waits for the answer */
  write(line: BusLine): string | undefined {
    switch (line.kind) {
      case 'call':
        this.#calls.set(line.id, line);
        return undefined;
      case 'answer': {
        const call = this.#calls.get(line.id);
        this.#calls.delete(line.id);
        const target = `${line.to} → ${line.moduleId}.${line.implementation}.${line.command}`;
        const args = call ? this.#args(call.args) : '…';
        const outcome = line.error === undefined ? `= ${this.#value(line.result)}` : `failed: ${line.error}`;
        const took = call ? `  (${Math.round(line.atMs - call.atMs)} ms)` : '';
        return `${time(call?.atMs ?? line.atMs)} ${target}(${args}) ${outcome}${took}`;
      }
      case 'variable':
        return `${time(line.atMs)} ${line.moduleId}.${line.implementation} ${line.variable} ${this.#value(line.value)}`;
      case 'error':
        return `${time(line.atMs)} ${line.moduleId}.${line.implementation} ${line.raised ? 'raises' : 'clears'} ${line.type} (${line.text})`;
      case 'mesh':
        return `${time(line.atMs)} ${line.moduleId ?? 'manager'} ${line.what} ${this.#value(line.data)}`;
      case 'external':
        return `${time(line.atMs)} [outside] ${line.topic} ${this.#cut(line.payload)}`;
      case 'unreadable':
        return `${time(line.atMs)} [unreadable] ${line.topic} ${this.#cut(line.payload)} (${line.reason})`;
    }
  }

  /** Calls that have waited so long for their answer, each told of once. */
  overdue(nowMs: number, afterMs: number): string[] {
    const lines: string[] = [];
    for (const [id, call] of this.#calls) {
      if (nowMs - call.atMs < afterMs) continue;
      this.#calls.delete(id);
      const target = `${call.from} → ${call.moduleId}.${call.implementation}.${call.command}`;
      lines.push(
        `${time(call.atMs)} ${target}(${this.#args(call.args)}) … no answer after ${Math.round((nowMs - call.atMs) / 1000)} s`,
      );
    }
    return lines;
  }

  #args(args: unknown): string {
    if (typeof args !== 'object' || args === null) return '';
    return Object.entries(args)
      .map(([name, value]) => `${name}: ${this.#value(value)}`)
      .join(', ');
  }

  #value(value: unknown): string {
    return this.#cut(JSON.stringify(value) ?? '');
  }

  #cut(text: string): string {
    return this.#full || text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
  }
}

/** The time of day, to the millisecond. */
function time(atMs: number): string {
  return formatTimestamp(atMs).slice(11, 23);
}
