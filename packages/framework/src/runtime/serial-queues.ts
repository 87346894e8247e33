/** Runs the work of each lane one after the other, in order; lanes do not wait for each other. */
export class SerialQueues {
  readonly #tails = new Map<string, Promise<void>>();

  run(lane: string, work: () => Promise<void>): void {
    const tail = this.#tails.get(lane);
    const next = (tail ? tail.then(work) : work()).catch(() => {});
    this.#tails.set(lane, next);
    void next.then(() => {
      if (this.#tails.get(lane) === next) this.#tails.delete(lane);
    });
  }
}
