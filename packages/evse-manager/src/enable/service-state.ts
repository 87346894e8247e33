import type { types } from '@chargemesh/contracts';
import { EnableTable } from './enable-table.ts';

type Source = types.evse_manager.EnableDisableSource;

/** The only connector of an EVSE. */
const CONNECTOR_ID = 1;

/** Tells the mesh that the EVSE is in service or not, who decided it, and for which connector if it was for one. */
export type ServiceEvent = (
  event: 'Enabled' | 'Disabled',
  details: { readonly source: Source; readonly connector_id?: number },
) => void;

/** Whether the EVSE is in service by what everybody wants, and what the mesh was told of it. */
export class ServiceState {
  readonly #tell: ServiceEvent;
  readonly #table = new EnableTable();
  #told: boolean | undefined;
  #forConnector = false;

  constructor(tell: ServiceEvent) {
    this.#tell = tell;
  }

  /** Whether the EVSE is to be in service. It may still have to end a transaction before it is not. */
  get wanted(): boolean {
    return this.#table.decide().enabled;
  }

  /** Notes what a source wants for the EVSE (connector 0) or its connector. @returns {@link wanted} */
  request(connectorId: number, source: Source): boolean {
    this.#forConnector = connectorId !== 0;
    this.#table.set(this.#forConnector ? 'connector' : 'evse', source);
    return this.wanted;
  }

  /** The mesh knows already that the EVSE is in service: it was told by another life of this module. */
  assumeEnabled(): void {
    this.#told = true;
  }

  /** The EVSE is in service, or out of it, from now on. Said once for each change. */
  reached(inService: boolean): void {
    if (inService === this.#told) return;
    this.#told = inService;
    this.#tell(inService ? 'Enabled' : 'Disabled', {
      source: this.#table.decide().source,
      ...(this.#forConnector && { connector_id: CONNECTOR_ID }),
    });
  }
}
