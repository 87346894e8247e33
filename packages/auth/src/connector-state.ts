/** What is known of one connector. Any combination is possible: a connector can break, or be disabled, while a car charges. */
export interface ConnectorState {
  readonly occupied: boolean;
  readonly faulted: boolean;
  readonly disabled: boolean;
}

/** What happens to a connector. */
export type ConnectorEvent =
  | 'transaction started'
  | 'session finished'
  | 'fault raised'
  | 'fault cleared'
  | 'disabled'
  | 'enabled';

/** What each event changes; the rest stays as it was. */
const EFFECTS: Readonly<Record<ConnectorEvent, Partial<ConnectorState>>> = {
  'transaction started': { occupied: true },
  'session finished': { occupied: false },
  'fault raised': { faulted: true },
  'fault cleared': { faulted: false },
  disabled: { disabled: true },
  enabled: { disabled: false },
};

/** A connector of which nothing bad is known. */
export const AVAILABLE: ConnectorState = { occupied: false, faulted: false, disabled: false };

/** The connector after an event. */
export function after(state: ConnectorState, event: ConnectorEvent): ConnectorState {
  return { ...state, ...EFFECTS[event] };
}

/** Whether a car could be charged there once nobody else is: neither broken nor disabled. */
export function isUsable(state: ConnectorState): boolean {
  return !state.faulted && !state.disabled;
}
