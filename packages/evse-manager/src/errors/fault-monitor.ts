import type { ErrorReport, MeshError } from '@chargemesh/framework';
import type { Shutdown } from '../charger/charger-context.ts';
import { causeKey, causesOf, inoperativeReport, shutdownFor } from './inoperative.ts';

export interface FaultMonitorPorts {
  /** All errors that are active now at this EVSE's peers and at itself. */
  activeErrors(): readonly MeshError[];
  raise(report: ErrorReport<'evse_manager/Inoperative'>): void;
  clear(type: 'evse_manager/Inoperative'): void;
  /** Makes the hardware safe at once. Said before anybody else hears of the fault. */
  makeSafe(shutdown: Exclude<Shutdown, 'none'>): void;
  /** Charging is forbidden, more or less gravely, or allowed again. Said when the mesh has heard of it. */
  onShutdown(shutdown: Shutdown): void;
}

/** Makes one verdict of all errors around the EVSE: whether it may charge, and the error Inoperative for the rest of the mesh. */
export class FaultMonitor {
  readonly #useVendorId: boolean;
  readonly #ports: FaultMonitorPorts;
  #told = '';
  #shutdown: Shutdown = 'none';

  constructor(options: { useVendorId: boolean }, ports: FaultMonitorPorts) {
    this.#useVendorId = options.useVendorId;
    this.#ports = ports;
  }

  /** Looks at the errors again; to be called when any of them was raised or cleared. */
  update(): void {
    const causes = causesOf(this.#ports.activeErrors());
    const key = causes.map(causeKey).join();
    if (key === this.#told) return;
    const wasInoperative = this.#told !== '';
    this.#told = key;
    const shutdown = shutdownFor(causes);
    const changed = shutdown !== this.#shutdown;
    this.#shutdown = shutdown;
    if (changed && shutdown !== 'none') this.#ports.makeSafe(shutdown);
    if (wasInoperative) this.#ports.clear('evse_manager/Inoperative');
    if (causes.length > 0) this.#ports.raise(inoperativeReport(causes, this.#useVendorId));
    if (changed) this.#ports.onShutdown(shutdown);
  }
}
