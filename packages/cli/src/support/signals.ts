import { EXIT } from './exit-codes.ts';

/**
 * What to do when whoever reads standard output leaves, as `head` does: a command that stays until a signal ends as if one had come, any other
 * one at once and quietly. Whoever reads standard error may leave without anything coming of it.
 */
export function endWithReader(): void {
  process.stderr.on('error', () => {});
  process.stdout.on('error', () => {});
  process.stdout.once('error', () => {
    if (!process.emit('SIGHUP')) process.exit(EXIT.ok);
  });
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let heard = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (heard) process.exit(1);
        heard = true;
        resolve(signal);
      });
  });
}
