import { pino, type Logger as PinoLogger, type Level } from 'pino';
import pretty from 'pino-pretty';

export type LogLevel = Level | 'silent';

/** What the rest of the code sees of pino: structured fields first, then a constant sentence. */
export type Logger = Pick<PinoLogger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

export interface LoggingOptions {
  readonly level: LogLevel;
  /** `pretty` for a terminal, `json` for collectors, `auto` decides by whether standard output is a terminal. */
  readonly format: 'auto' | 'json' | 'pretty';
}

export interface Logging {
  /** Lines are for people, not JSON. */
  readonly isPretty: boolean;
  /** A logger that carries `module` in every line; names are module paths such as `kafka.producer` or `http.server`. */
  logger(module: string): Logger;
  /** Writes out what is buffered; called last, before the process ends. */
  flush(): void;
}

/** Creates the process's logging. Lines go to standard output. */
export function createLogging(options: LoggingOptions): Logging {
  const isPretty = options.format === 'pretty' || (options.format === 'auto' && process.stdout.isTTY);
  const destination = isPretty
    ? pretty({ sync: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' })
    : pino.destination({ dest: 1, sync: true, minLength: 0 });
  const root = pino({ level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  return {
    isPretty,
    logger: (module) => root.child({ module }),
    flush: () => root.flush(),
  };
}

/** A logger for tests and tools that want none. */
export const silentLogger: Logger = pino({ level: 'silent' });
