import { styleText } from 'node:util';
import { printable, printableJson, printableLines } from '../functions/runtime/printable.ts';

type Style = Parameters<typeof styleText>[0];

/** Text with colours of ours, and nothing else in it that a terminal obeys. */
export interface Painted {
  readonly painted: string;
}

/** How a command speaks: text for people, JSON for programs; colours on a terminal that wants them. */
export interface Output {
  readonly json: boolean;
  /** One line for people, whatever is in its parts; nothing when JSON is asked for. */
  line(...parts: readonly (string | Painted)[]): void;
  /** The whole answer for programs; nothing when text is asked for. */
  data(value: unknown): void;
  /** One JSON value a line, while the work goes on; nothing when text is asked for. */
  row(value: unknown): void;
  /** A line on standard error, for people in either case. */
  note(text: string): void;
  paint(style: Style, text: string): Painted;
}

export function openOutput(json: boolean): Output {
  return {
    json,
    line: (...parts) => {
      const text = parts.map((part) => (typeof part === 'string' ? printable(part) : part.painted)).join('');
      if (!json) process.stdout.write(`${text}\n`);
    },
    data: (value) => {
      if (json) process.stdout.write(`${printableJson(JSON.stringify(value, null, 2))}\n`);
    },
    row: (value) => {
      if (json) writeTogether(`${printableJson(JSON.stringify(value))}\n`);
    },
    note: complain,
    // `styleText` minds NO_COLOR and whether standard output is a terminal.
    paint: (style, text) => ({ painted: styleText(style, printable(text), { stream: process.stdout }) }),
  };
}

let isGathering = false;

/** Rows of one turn are written at once: a call of the system for each would take longer than most have to be worked on. */
function writeTogether(text: string): void {
  if (!isGathering) {
    isGathering = true;
    process.stdout.cork();
    setImmediate(() => {
      isGathering = false;
      process.stdout.uncork();
    });
  }
  process.stdout.write(text);
}

/** Says something on standard error; it may have several lines. */
export function complain(text: string): void {
  process.stderr.write(`${printableLines(text)}\n`);
}

/** Lines with columns of equal width, two blanks between them. */
export function table(headings: readonly string[], texts: readonly (readonly string[])[]): string[] {
  const rows = texts.map((cells) => cells.map(printable));
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(headings), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)];
}

/** `1 person`, `2 persons`. */
export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** A value of an agent as a person reads it: `Billing/Refunds expert, Invoices good`. */
export function valueText(value: unknown): string {
  if (value === undefined) return '—';
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : value.map(valueText).join(', ');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([key, part]) => partText(key, part))
      .filter((part) => part !== '')
      .join(' ');
  }
  return String(value);
}

/** Flags are said where they are not as usual: a queue that is preferred, a language that is not active. */
function partText(key: string, part: unknown): string {
  switch (part) {
    case undefined:
      return '';
    case true:
      return key === 'isActive' ? '' : key.replace(/^is/, '').toLowerCase();
    case false:
      return key === 'isActive' ? 'inactive' : '';
    default:
      return typeof part === 'object' ? JSON.stringify(part) : String(part);
  }
}
