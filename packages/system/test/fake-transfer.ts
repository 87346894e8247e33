import { TransferError } from '../src/transfer/transfer-error.ts';

/** Moves nothing, and says that it did; or fails, or waits, as it is told. */
export class FakeTransfer {
  /** The addresses, in order. */
  readonly asked: string[] = [];
  readonly #waiting = Promise.withResolvers<void>();
  /** What becomes of each try, in order; after the last one all succeed. */
  outcomes: ('fails' | 'waits' | 'bad address')[] = [];

  /** Resolves when one waits. */
  get waiting(): Promise<void> {
    return this.#waiting.promise;
  }

  download(address: string, _path: string, signal: AbortSignal): Promise<void> {
    return this.#move(address, signal);
  }

  upload(_path: string, address: string, signal: AbortSignal): Promise<void> {
    return this.#move(address, signal);
  }

  #move(address: string, signal: AbortSignal): Promise<void> {
    this.asked.push(address);
    switch (this.outcomes.shift()) {
      case 'fails':
        return Promise.reject(new TransferError('Failed', 'it did not come'));
      case 'bad address':
        return Promise.reject(new TransferError('BadMessage', 'no address'));
      case 'waits':
        this.#waiting.resolve();
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        });
      case undefined:
        return Promise.resolve();
    }
  }
}
