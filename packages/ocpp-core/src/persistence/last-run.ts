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

  /** Begins to work in a run. @returns whether the last work was in the same one */
  begin(run: string | undefined): boolean {
    const row = this.#read.get();
    const last = row && text(row, 'RUN');
    if (run === undefined) this.#clear.run();
    else if (run !== last) this.#write.run(run);
    return run !== undefined && run === last;
  }

  /** Whatever begins next is another run. */
  end(): void {
    this.#clear.run();
  }
}
