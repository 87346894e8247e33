import type { Timer } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { AVAILABLE, after, type ConnectorEvent, type ConnectorState, isUsable } from './connector-state.ts';
import type { EvsePort } from './ports.ts';

/** The kind of a connector; Unknown fits every car. */
export type ConnectorType = types.evse_manager.ConnectorTypeEnum;

/** One connector of an EVSE. */
export interface Connector {
  readonly id: number;
  readonly type: ConnectorType;
  state: ConnectorState;
}

/** An authorization that was given to an EVSE. */
export interface Identifier {
  readonly token: types.authorization.ProvidedIdToken;
  readonly result: types.authorization.ValidationResult;
}

/** What is known of one EVSE. Who changes it does so without awaiting anything in between. */
export class Evse {
  readonly id: number;
  readonly port: EvsePort;
  connectors: Connector[];
  /** The authorization in place, used or not. */
  identifier: Identifier | undefined;
  /** An authorization that the EVSE did not answer to: it may have taken it all the same, and then tells so when it is back. */
  doubtful: Identifier | undefined;
  pluggedIn = false;
  /** The car stood there too long without authorization and has to be plugged in anew. */
  replugNeeded = false;
  transactionActive = false;
  /** Whether its module is there to be asked. */
  reachable = true;
  /** A token has been given this EVSE and is about to be placed. */
  claimed = false;
  /** Runs until an authorization, or a plugged car, was in vain. */
  timer: Timer | undefined;

  constructor(id: number, connectors: readonly types.evse_manager.Connector[], port: EvsePort) {
    this.id = id;
    this.port = port;
    this.connectors = connectors.map((connector) => withState(connector, AVAILABLE));
  }

  /** Takes over what the EVSE says of its connectors; their states stay. */
  setConnectors(connectors: readonly types.evse_manager.Connector[]): void {
    this.connectors = connectors.map((connector) =>
      withState(connector, this.connectors.find(({ id }) => id === connector.id)?.state ?? AVAILABLE),
    );
  }

  /** @param connectorId which of its connectors; all of them where it is left out, or none has that id */
  note(event: ConnectorEvent, connectorId?: number): void {
    const named = this.connectors.filter(({ id }) => id === connectorId);
    for (const connector of named.length > 0 ? named : this.connectors) connector.state = after(connector.state, event);
  }

  /** Whether a token can be used here now. A plugged car is no obstacle: it may be waiting for this very token. */
  get available(): boolean {
    return this.reachable && !this.replugNeeded && !this.identifier && !this.claimed && !this.occupied && this.usable;
  }

  get occupied(): boolean {
    return this.connectors.some(({ state }) => state.occupied);
  }

  /** Whether any connector is neither broken nor disabled. */
  get usable(): boolean {
    return this.connectors.some(({ state }) => isUsable(state));
  }

  /** Whether it is out of the game: all connectors are disabled, and no transaction that a card could stop is left. */
  get outOfService(): boolean {
    return !this.transactionActive && this.connectors.every(({ state }) => state.disabled);
  }

  /** The parent identifier of the authorization in place. */
  get parentId(): string | undefined {
    return this.identifier?.result.parent_id_token?.value;
  }

  stopTimer(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }
}

function withState(connector: types.evse_manager.Connector, state: ConnectorState): Connector {
  return { id: connector.id, type: connector.type ?? 'Unknown', state };
}
