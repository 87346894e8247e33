import { isRecord } from '../checks/field-check.ts';

/** A configuration key as the station told it. */
export interface ConfigurationEntry {
  readonly value: string | null;
  readonly readonly: boolean;
}

/** What is known of a station's configuration, from the answers to GetConfiguration and ChangeConfiguration. */
export class ConfigurationBook {
  readonly #keys = new Map<string, ConfigurationEntry>();

  /**
   * An answer of the station. Answers to other actions say nothing here.
   * @returns whether it said something of the configuration
   */
  answered(action: string, request: unknown, response: Readonly<Record<string, unknown>>): boolean {
    if (action === 'GetConfiguration' && Array.isArray(response.configurationKey)) {
      for (const entry of response.configurationKey) this.#told(entry);
      return true;
    }
    if (action !== 'ChangeConfiguration' || response.status !== 'Accepted' || !isRecord(request)) return false;
    const { key, value } = request;
    if (typeof key !== 'string' || typeof value !== 'string') return false;
    this.#keys.set(key, { value, readonly: false });
    return true;
  }

  /** Takes back what {@link view} gave; leaves out what is something else. */
  restore(view: unknown): void {
    if (!isRecord(view)) return;
    for (const [key, entry] of Object.entries(view)) if (isRecord(entry)) this.#told({ ...entry, key });
  }

  /** Whether the station leaves out short states (MinimumStatusDuration). */
  get debouncesStatus(): boolean {
    return Number(this.#keys.get('MinimumStatusDuration')?.value ?? 0) > 0;
  }

  view(): Readonly<Record<string, ConfigurationEntry>> {
    return Object.fromEntries([...this.#keys].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #told(entry: unknown): void {
    if (!isRecord(entry) || typeof entry.key !== 'string') return;
    const { key, value, readonly } = entry;
    this.#keys.set(key, { value: typeof value === 'string' ? value : null, readonly: readonly === true });
  }
}
