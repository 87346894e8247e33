import type { Statement, Store } from '@chargemesh/base';
import { text } from './columns.ts';

/** In which run of the station the charge point worked last. By it a process that was started anew alone knows that the EVSEs went on. */
export class LastRun {
  readonly #read: Statement;
  readonly #write: Statement;
  readonly #clear: Statement;

  constructor(store: Store) {
    this.#read = store.prepare('SELECT RUN FROM LAST_RUN');
    this.#write = store.prepare('INSERT OR REPLACE INTO LAST_RUN (ID, RUN) VALUES (0, ?)');
    this.#clear = store.prepare('DELETE FROM LAST_RUN');
  }

  /** Whether the last work was in this run. */
  was(run: string | undefined): boolean {
    const row = this.#read.get();
    return run !== undefined && row !== undefined && text(row, 'RUN') === run;
  }

  /** Begins to work in a run. */
  begin(run: string | undefined): void {
    if (run === undefined) this.#clear.run();
    else if (!this.was(run)) this.#write.run(run);
  }

  /** Whatever begins next is another run. */
  end(): void {
    this.#clear.run();
  }
}
