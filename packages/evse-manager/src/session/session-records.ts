import { PatientWrites } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { EvsePorts } from '../evse-ports.ts';
import { BillingMeter } from '../metering/billing-meter.ts';
import { Continuation } from './continuation.ts';
import { ResumeMemory } from './resume-memory.ts';
import { SessionEvents } from './session-events.ts';
import { SessionLog } from './session-log.ts';
import { TransactionMemory } from './transaction-memory.ts';

type EventName = types.evse_manager.SessionEventEnum;

/** What an EVSE tells, measures and writes down of its sessions. */
export interface SessionRecords {
  readonly events: SessionEvents;
  readonly log: SessionLog;
  readonly meter: BillingMeter;
  /** Finds the transaction again that a loss of power has cut off. */
  readonly memory: TransactionMemory;
  /** Finds all again after the death of this module alone. */
  readonly continuation: Continuation;
}

/**
 * The records of an EVSE, in the places that its ports name.
 * @param onEvent hears of each event after it was told
 */
export function sessionRecords(ports: EvsePorts, onEvent: (event: EventName) => void): SessionRecords {
  const { moduleId, config, store, keyValue, run, markFile, sessionLogRoot, clock, log, publish } = ports;
  const writes = new PatientWrites(clock, log);
  const meter = new BillingMeter(ports.billingMeter, { clock, log });
  const sessionLog = new SessionLog(
    { enabled: config.session_logging, root: sessionLogRoot, suffix: config.logfile_suffix },
    { clock, log, onRow: (row) => publish.logRow(row) },
  );
  const events = new SessionEvents(
    {
      sessionEvent: (event) => {
        sessionLog.row('SYS', `session event ${event.event}`);
        publish.sessionEvent(event);
        onEvent(event.event);
      },
      written: () => publish.written(),
      selectedProtocol: (protocol) => publish.selectedProtocol(protocol),
    },
    { clock, meterValue: () => meter.value() },
  );
  return {
    events,
    log: sessionLog,
    meter,
    memory: new TransactionMemory(moduleId, { store, writes, keyValue, clock, log }),
    continuation: new Continuation(new ResumeMemory({ store, clock, writes, run, markFile }), clock),
  };
}
