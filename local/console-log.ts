import { compact } from '../functions/runtime/compact.ts';
import { correlationId } from '../functions/runtime/correlation.ts';
import type { Log } from '../functions/runtime/log.ts';
import { printable, printableJson } from '../functions/runtime/printable.ts';

/** A log for a person at a terminal: one line an event, warnings and errors, on standard error. */
export function consoleLog(write: (line: string) => void = (line) => process.stderr.write(`${line}\n`)): Log {
  const print =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      const correlation = correlationId();
      const all = { ...fields, ...compact({ correlationId: correlation }) };
      const text = Object.entries(all)
        .map(([name, value]) => `${name}=${typeof value === 'string' ? linesOf(value) : json(value)}`)
        .join(' ');
      write(`${new Date().toISOString()} ${level} ${linesOf(message)}${text === '' ? '' : ` (${text})`}`);
    };
  return { debug() {}, info() {}, warn: print('warn'), error: print('error') };
}

/** The further lines of a text, as of a stack trace, are moved in: none of them looks like one of the log's own. */
const linesOf = (text: string) => text.split('\n').map(printable).join('\n    ');
const json = (value: unknown) => printableJson(JSON.stringify(value) ?? 'undefined');
