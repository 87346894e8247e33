import type { types } from '@chargemesh/contracts';

type Source = types.evse_manager.EnableDisableSource;

/** Who decides, when nobody has asked for anything: the weakest row there is. */
const byDefault: Source = { enable_source: 'Unspecified', enable_state: 'Enable', enable_priority: 10_000 };

/** What a request addresses: the whole EVSE (connector 0), or its connector. */
export type EnableScope = 'evse' | 'connector';

/**
 * Who wants the EVSE in service, and who does not. Each source has one row a scope; the strongest (smallest) priority wins, on a tie
 * the one that disables. The EVSE is in service when neither scope is disabled, so that enabling the one does not undo the other.
 */
export class EnableTable {
  readonly #rows: Readonly<Record<EnableScope, Map<Source['enable_source'], Source>>> = {
    evse: new Map(),
    connector: new Map(),
  };

  /** Notes what a source wants from now on. */
  set(scope: EnableScope, source: Source): void {
    this.#rows[scope].set(source.enable_source, source);
  }

  /** Whether the EVSE is in service, and the row that decides it. */
  decide(): { readonly enabled: boolean; readonly source: Source; readonly scope: EnableScope } {
    const evse = strongest([...this.#rows.evse.values()]);
    const connector = strongest([...this.#rows.connector.values()]);
    if (evse?.enable_state === 'Disable') return { enabled: false, source: evse, scope: 'evse' };
    if (connector?.enable_state === 'Disable') return { enabled: false, source: connector, scope: 'connector' };
    return { enabled: true, source: evse ?? connector ?? byDefault, scope: evse || !connector ? 'evse' : 'connector' };
  }
}

function strongest(rows: readonly Source[]): Source | undefined {
  return rows
    .filter(({ enable_state }) => enable_state !== 'Unassigned')
    .sort((a, b) => a.enable_priority - b.enable_priority || rank(a) - rank(b))[0];
}

function rank({ enable_state }: Source): number {
  return enable_state === 'Disable' ? 0 : 1;
}
