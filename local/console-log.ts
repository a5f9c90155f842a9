import { compact } from '../functions/runtime/compact.ts';
import { correlationId } from '../functions/runtime/correlation.ts';
import type { Log } from '../functions/runtime/log.ts';

/** A log for a person at a terminal: one line an event, warnings and errors, on standard error. */
export function consoleLog(write: (line: string) => void = (line) => process.stderr.write(`${line}\n`)): Log {
  const print =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      const correlation = correlationId();
      const all = { ...fields, ...compact({ correlationId: correlation }) };
      const text = Object.entries(all)
        .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(' ');
      write(`${new Date().toISOString()} ${level} ${message}${text === '' ? '' : ` (${text})`}`);
    };
  return { debug() {}, info() {}, warn: print('warn'), error: print('error') };
}
