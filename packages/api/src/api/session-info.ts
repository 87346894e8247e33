import type { types } from '@chargemesh/contracts';
import { jsonObject, real } from '../json-text.ts';
import { meteredStates, nextState, type SessionState } from './session-state.ts';

type SessionEvent = types.evse_manager.SessionEvent;
type Powermeter = types.powermeter.Powermeter;
type CountDown = types.uk_random_delay.CountDown;

/** Who enabled or disabled the EVSE last. */
interface EnableSource {
  readonly source: string;
  readonly state: string;
  readonly priority: number;
}

/** What is counted from the start to the end of a transaction. */
interface Count {
  readonly importWh: number;
  /** null where the meter does not say it. */
  readonly exportWh: number | null;
  /** When it was read, in milliseconds since the epoch. */
  readonly atMs: number;
}

/** All of a {@link SessionInfo} that a restart must not forget. */
export interface SessionMemory {
  readonly state: SessionState;
  readonly enabledBy: EnableSource;
  readonly transaction: boolean;
  readonly begin: Count;
  readonly end: Count;
}

const nothing: Count = { importWh: 0, exportWh: null, atMs: 0 };

/**
 * What one EVSE is at, and what its transaction has moved: the last one's sums stay until the next one begins.
 */
export class SessionInfo {
  #state: SessionState = 'Unknown';
  #enabledBy: EnableSource = { source: 'Unspecified', state: 'Enabled', priority: 0 };
  #transaction = false;
  #begin = nothing;
  #end = nothing;
  #powerW = 0;
  #delay: CountDown | undefined;

  /** @param nowMs in milliseconds since the epoch */
  take(event: SessionEvent, nowMs: number): void {
    this.#state = nextState(this.#state, event);
    const { source, transaction_started: started, transaction_finished: finished } = event;
    if (source)
      this.#enabledBy = {
        source: source.enable_source,
        state: source.enable_state,
        priority: source.enable_priority,
      };
    if (event.event === 'TransactionStarted') {
      this.#transaction = true;
      this.#begin = started ? countOf(started.meter_value, nothing, nowMs) : { ...nothing, atMs: nowMs };
      this.#end = this.#begin;
    }
    if (event.event === 'TransactionFinished') {
      // One that nobody saw begin has not moved anything that is known.
      if (this.#transaction)
        this.#end = finished ? countOf(finished.meter_value, this.#end, nowMs) : { ...this.#end, atMs: nowMs };
      this.#transaction = false;
    }
  }

  read(meter: Powermeter, nowMs: number): void {
    if (meter.power_W) this.#powerW = meter.power_W.total;
    if (this.#transaction && meteredStates.has(this.#state)) this.#end = countOf(meter, this.#end, nowMs);
  }

  delay(countDown: CountDown): void {
    this.#delay = countDown;
  }

  get memory(): SessionMemory {
    return {
      state: this.#state,
      enabledBy: this.#enabledBy,
      transaction: this.#transaction,
      begin: this.#begin,
      end: this.#end,
    };
  }

  recall(memory: SessionMemory): void {
    this.#state = memory.state;
    this.#enabledBy = memory.enabledBy;
    this.#transaction = memory.transaction;
    this.#begin = memory.begin;
    this.#end = memory.end;
  }

  /**
   * The payload of `session_info`.
   * @param datetime now, as a timestamp
   */
  text(permanentFault: boolean, datetime: string): string {
    const { source, state, priority } = this.#enabledBy;
    return jsonObject([
      [
        'active_enable_disable_source',
        jsonObject([
          ['priority', String(priority)],
          ['source', JSON.stringify(source)],
          ['state', JSON.stringify(state)],
        ]),
      ],
      ['charged_energy_wh', wholeWh(this.#end.importWh - this.#begin.importWh)],
      ['charging_duration_s', String(Math.max(0, Math.floor((this.#end.atMs - this.#begin.atMs) / 1000)))],
      ['datetime', JSON.stringify(datetime)],
      ['discharged_energy_wh', wholeWh(exportedWh(this.#begin, this.#end))],
      ['latest_total_w', real(this.#powerW)],
      ['permanent_fault', String(permanentFault)],
      ['state', JSON.stringify(this.#state)],
      ['uk_random_delay', delayText(this.#delay)],
    ]);
  }
}

function countOf(meter: Powermeter, before: Count, atMs: number): Count {
  return {
    importWh: meter.energy_Wh_import.total,
    exportWh: meter.energy_Wh_export?.total ?? before.exportWh,
    atMs,
  };
}

/** What the car has fed back; 0 where one of the readings does not say it. */
function exportedWh(begin: Count, end: Count): number {
  return begin.exportWh === null || end.exportWh === null ? 0 : end.exportWh - begin.exportWh;
}

function wholeWh(wh: number): string {
  // Not -0.
  return String(Math.floor(wh + 0.5) + 0);
}

function delayText(delay: CountDown | undefined): string | undefined {
  if (!delay || delay.countdown_s <= 0) return undefined;
  return jsonObject([
    ['current_limit_after_delay_A', real(delay.current_limit_after_delay_A)],
    ['current_limit_during_delay_A', real(delay.current_limit_during_delay_A)],
    ['remaining_s', String(delay.countdown_s)],
    ['start_time', delay.start_time === undefined ? undefined : JSON.stringify(delay.start_time)],
  ]);
}
