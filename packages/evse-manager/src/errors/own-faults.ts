import type { EvseManagerInterface } from '@chargemesh/contracts';
import type { ErrorReport, Severity } from '@chargemesh/framework';

type ErrorType = EvseManagerInterface['errors'];

interface OwnFault {
  readonly type: ErrorType;
  readonly subType: string;
  readonly severity: Severity;
  /** It belongs to a session and ends with it. */
  readonly endsWithSession: boolean;
}

export type OwnFaultName = 'overCurrent' | 'meterRefused' | 'authorizationTimeout' | 'boardLost';

/** The faults that the EVSE finds by itself. */
export const ownFaults: Readonly<Record<OwnFaultName, OwnFault>> = {
  overCurrent: {
    type: 'evse_manager/MREC4OverCurrentFailure',
    subType: '',
    severity: 'High',
    endsWithSession: true,
  },
  meterRefused: {
    type: 'evse_manager/PowermeterTransactionStartFailed',
    subType: '',
    severity: 'Medium',
    endsWithSession: true,
  },
  authorizationTimeout: {
    type: 'evse_manager/MREC9AuthorizationTimeout',
    subType: '',
    severity: 'Medium',
    endsWithSession: true,
  },
  boardLost: { type: 'evse_manager/Internal', subType: 'BoardLost', severity: 'High', endsWithSession: false },
};

/** Where own faults are raised and cleared. */
export interface OwnFaultPort {
  raise(report: ErrorReport<ErrorType>): void;
  clear(type: ErrorType, subType?: string): void;
}

/** Raises and clears the faults that the EVSE finds by itself. */
export class OwnFaults {
  readonly #port: OwnFaultPort;
  readonly #onChange: () => void;

  /** @param onChange called when a fault may have come or gone, after the mesh was told */
  constructor(port: OwnFaultPort, onChange: () => void) {
    this.#port = port;
    this.#onChange = onChange;
  }

  raise(name: OwnFaultName, message: string): void {
    const { type, subType, severity } = ownFaults[name];
    this.#port.raise({ type, subType, severity, message });
    this.#onChange();
  }

  clear(name: OwnFaultName): void {
    const { type, subType } = ownFaults[name];
    this.#port.clear(type, subType);
    this.#onChange();
  }

  /** The session is over, and with it what was wrong with it. */
  clearSessionFaults(): void {
    for (const { type, subType, endsWithSession } of Object.values(ownFaults))
      if (endsWithSession) this.#port.clear(type, subType);
    this.#onChange();
  }
}
