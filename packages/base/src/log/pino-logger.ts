import { type DestinationStream, destination, type Logger as Pino, pino } from 'pino';
import type { LogFields, Logger } from './logger.ts';

/** The levels that can be asked for, quietest first. */
export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

/** A {@link Logger} that writes JSON lines by pino, to stderr unless another stream is given. */
export function createLogger(
  level: LogLevel = 'info',
  stream: DestinationStream = destination({ fd: 2, sync: true }),
): Logger {
  return wrap(pino({ level, base: null }, stream));
}

function wrap(target: Pino): Logger {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void =>
      target[level](fields, message);
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => wrap(target.child(fields)),
  };
}
