import type { Statement, Store } from '@chargemesh/base';
import type { AvailabilityType } from '../ocpp-types.ts';
import { optionalText, word } from '../persistence/columns.ts';
import { type SessionId, sessionId } from '../transactions/ids.ts';
import { type ConnectorState, statusTable } from './status-table.ts';

/** What is remembered of a connector. */
export interface StoredConnector {
  readonly availability: AvailabilityType;
  /** The state and session it had last, for a session that goes on after a restart. */
  readonly state: ConnectorState | undefined;
  readonly sessionId: SessionId | undefined;
}

/** The table of connectors: row 0 is the station. */
export class ConnectorStore {
  readonly #insert: Statement;
  readonly #one: Statement;
  readonly #availability: Statement;
  readonly #state: Statement;

  constructor(store: Store) {
    this.#insert = store.prepare("INSERT INTO CONNECTORS (ID, AVAILABILITY) VALUES (?, 'Operative')");
    this.#one = store.prepare('SELECT * FROM CONNECTORS WHERE ID = ?');
    this.#availability = store.prepare('UPDATE CONNECTORS SET AVAILABILITY = ? WHERE ID = ?');
    this.#state = store.prepare('UPDATE CONNECTORS SET STATE = ?, SESSION_ID = ? WHERE ID = ?');
  }

  /** Makes sure of a row. Where it is there nothing is written: a start has to work on a full disk too. */
  ensure(id: number): void {
    if (!this.#one.get(id)) this.#insert.run(id);
  }

  read(id: number): StoredConnector {
    const row = this.#one.get(id) ?? {};
    const state = optionalText(row, 'STATE');
    const session = optionalText(row, 'SESSION_ID');
    return {
      availability: word(row, 'AVAILABILITY', ['Operative', 'Inoperative']),
      state: isState(state) ? state : undefined,
      sessionId: session === undefined ? undefined : sessionId(session),
    };
  }

  availability(id: number, availability: AvailabilityType): void {
    this.#availability.run(availability, id);
  }

  state(id: number, state: ConnectorState, session: SessionId | undefined): void {
    this.#state.run(state, session ?? null, id);
  }
}

function isState(text: string | undefined): text is ConnectorState {
  return text !== undefined && text in statusTable;
}
