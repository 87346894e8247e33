import { messageOf } from '@chargemesh/base';
import { ModuleGone } from '../world/virtual/watched-store.ts';

/** What goes wrong in this process where nobody waits for it: in a process of a module's own it would be its end. */
export class Rejections {
  readonly #listener = (reason: unknown): void => {
    if (!isOfTheDead(reason)) this.found.push(`unhandled rejection: ${describe(reason)}`);
  };
  readonly found: string[] = [];

  constructor() {
    process.on('unhandledRejection', this.#listener);
  }

  end(): void {
    process.off('unhandledRejection', this.#listener);
  }
}

/** Who is dead does nothing any more, so its failures are none. */
function isOfTheDead(reason: unknown): boolean {
  return (
    reason instanceof ModuleGone || (reason instanceof Error && reason.cause !== undefined && isOfTheDead(reason.cause))
  );
}

function describe(reason: unknown): string {
  return reason instanceof Error ? (reason.stack ?? reason.message) : messageOf(reason);
}
