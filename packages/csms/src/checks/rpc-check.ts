import type { Frame } from './frame.ts';
import { RPC_ERROR_CODES } from './frame.ts';
import type { Report } from './rules.ts';

type Call = Extract<Frame, { kind: 'call' }>;

/** How many message ids of a station are remembered, to notice one that is used again. */
const REMEMBERED_IDS = 50_000;

/** The sense of the RPC layer on one station's connections. @see OCPP-J 1.6, section 4 */
export class RpcCheck {
  readonly #patienceMs: number;
  readonly #used = new Set<string>();
  /** The station's CALL that has no answer yet. */
  #outstanding: { readonly call: Call; readonly atMs: number } | undefined;
  /** CALLs of the station that may still get an answer, by id. */
  readonly #unanswered = new Map<string, { readonly call: Call; readonly atMs: number }>();
  /** CALLs of the CSMS that have no answer yet, by id. */
  readonly #asked = new Map<string, Call>();
  /** Ids with which a station may answer something unreadable that the CSMS sent: -1, and what it may have taken for the id. */
  readonly #garbage = new Set<string>();

  /** @param patienceMs how soon a station may take an unanswered CALL for timed out and send the next */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /** Nothing of one connection is answered on another, and message ids are unique on one connection only. */
  connectionLost(): void {
    this.#outstanding = undefined;
    this.#unanswered.clear();
    this.#asked.clear();
    this.#used.clear();
    this.#garbage.clear();
  }

  received(call: Call, nowMs: number, report: Report): void {
    if (this.#used.has(call.id)) report('RPC_ID_REUSED', `the message id ${call.id} was used before`);
    this.#remember(call.id);
    const waiting = this.#outstanding;
    if (waiting !== undefined && nowMs - waiting.atMs < this.#patienceMs)
      report(
        'RPC_OUTSTANDING',
        `${call.action} comes ${Math.round(nowMs - waiting.atMs)} ms after ${waiting.call.action}, which has no answer yet`,
      );
    this.#outstanding = { call, atMs: nowMs };
    this.#unanswered.set(call.id, this.#outstanding);
  }

  /**
   * The CSMS answered.
   * @returns the CALL that it answered, if it was one of this connection, and whether the station cannot have given it up by then
   */
  answered(id: string, nowMs: number): { readonly call: Call; readonly inTime: boolean } | undefined {
    const waiting = this.#unanswered.get(id);
    this.#unanswered.delete(id);
    if (this.#outstanding?.call.id === id) this.#outstanding = undefined;
    return waiting && { call: waiting.call, inTime: nowMs - waiting.atMs < this.#patienceMs };
  }

  asked(call: Call): void {
    this.#asked.set(call.id, call);
  }

  /** The CSMS sent something unreadable. @param id what stands where its message id would */
  sentGarbage(id: string | undefined): void {
    this.#garbage.add('-1');
    if (id !== undefined) this.#garbage.add(id);
  }

  /** The station answered. @returns the CALL of the CSMS that it answered */
  answer(frame: Extract<Frame, { kind: 'result' | 'error' }>, report: Report): Call | undefined {
    const call = this.#asked.get(frame.id);
    this.#asked.delete(frame.id);
    if (call === undefined && !(frame.kind === 'error' && this.#garbage.has(frame.id)))
      report('RPC_UNMATCHED', `an answer to ${frame.id}, which was not asked or is answered already`);
    if (frame.kind === 'error' && !RPC_ERROR_CODES.includes(frame.code))
      report('RPC_ERROR_CODE', `${frame.code} is no error code of OCPP-J 1.6`);
    return call;
  }

  #remember(id: string): void {
    this.#used.add(id);
    if (this.#used.size <= REMEMBERED_IDS) return;
    for (const oldest of this.#used) {
      this.#used.delete(oldest);
      return;
    }
  }
}
