import type { Clock } from '../runtime/clock.ts';
import { correlationId } from '../runtime/correlation.ts';
import type { Log } from '../runtime/log.ts';
import { printableJson } from '../runtime/printable.ts';

/** As Lambda's advanced logging controls name them, the least first. */
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** Where lines go, and which. */
export interface JsonLogOptions {
  /** Which product writes: the lines of several may be in one place. */
  readonly service: string | undefined;
  /** The least level that is written; Lambda sets it to what the function is configured for. Any other text is INFO. */
  readonly level: string | undefined;
  readonly clock: Pick<Clock, 'now'>;
  readonly write: (stream: 'stdout' | 'stderr', line: string) => void;
}

/**
 * JSON lines with level, time and correlation id, as CloudWatch Logs Insights reads them.
 *
 * Written here and not taken from Powertools: its Logger makes a console of its own, and is 21 KB more in bundles whose
 * size is their starting time.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html
 */
export function jsonLog({ service, level, clock, write }: JsonLogOptions): Log {
  const least = LEVELS.indexOf(LEVELS.find((known) => known === level) ?? 'INFO');
  const at = (name: string, stream: 'stdout' | 'stderr'): Log['info'] => {
    if (LEVELS.indexOf(name) < least) return () => {};
    return (message, fields) => {
      const timestamp = new Date(clock.now()).toISOString();
      const line = { level: name, message, timestamp, service, correlationId: correlationId(), ...fields };
      write(stream, JSON.stringify(line, printable));
    };
  };
  return {
    debug: at('DEBUG', 'stdout'),
    info: at('INFO', 'stdout'),
    warn: at('WARN', 'stderr'),
    error: at('ERROR', 'stderr'),
  };
}

const printable = (_: string, value: unknown) => (typeof value === 'string' ? printableJson(value) : value);
