import { CsvError, parse } from 'csv-parse/sync';
import { compact } from '../../runtime/compact.ts';
import type { Line } from './lines.ts';

/** A record of a CSV file: its fields, or why there are none. */
export type CsvRecord = {
  /** Where it begins. */
  readonly line: number;
  /** Where it ends, if it goes over several lines. */
  readonly lastLine?: number;
  /** Where the next one begins, in bytes of the file, if its lines say that. */
  readonly end?: number;
} & ({ readonly fields: readonly string[] } | { readonly problem: string });

export type Delimiter = ',' | ';' | '\t' | '|';
const DELIMITERS: readonly Delimiter[] = [',', ';', '\t'];

/** A field of a person goes over a few lines at the most; a quote that never closes must not swallow the file. */
const MOST_LINES = 100;

const QUOTING = 'put the whole field in quotes, and write each quote inside it twice ("")';

/** What parts the fields, by the header: spreadsheets of half of Europe write semicolons. */
export function delimiterOf(header: string): Delimiter {
  const count = (delimiter: Delimiter) => header.split(delimiter).length;
  return DELIMITERS.reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** The names of the columns. A name may be a path with a filter, which has quotes inside. */
export function readHeader(header: string, delimiter: Delimiter): string[] {
  const [names = []] = parse(header, { delimiter, record_delimiter: ['\n'], relax_quotes: true });
  return names.map((name) => name.trim());
}

/**
 * Puts the lines behind a header together to records (RFC 4180). What is wrong with one is its own problem, with the
 * lines that it takes along: where a quote doesn't close as it should, they can't be told apart. Lines without any
 * value are passed over.
 */
export async function* recordsOf(
  lines: AsyncIterable<Line>,
  delimiter: Delimiter,
): AsyncGenerator<CsvRecord> {
  let open: Line[] = [];
  const close = (content: { fields: readonly string[] } | { problem: string }): CsvRecord => {
    const [first, last] = [open.at(0)?.number ?? 0, open.at(-1)?.number ?? 0];
    const end = open.at(-1)?.end;
    open = [];
    return { line: first, ...compact({ lastLine: last > first ? last : undefined, end }), ...content };
  };

  for await (const line of lines) {
    if (open.length === 0 && line.text.trim() === '' && line.problem === undefined) continue;
    open.push(line);
    if (line.problem !== undefined) {
      yield close({ problem: line.problem });
      continue;
    }
    const read = readRecord(open, delimiter);
    if (read !== 'open') {
      const record = close(read);
      if (!('fields' in record) || record.fields.some((field) => field !== '')) yield record;
    } else if (open.length === MOST_LINES) {
      yield close({ problem: `${neverClosed(open)} within ${MOST_LINES} lines.` });
    }
  }
  if (open.length > 0) yield close({ problem: `${neverClosed(open)} before the file ends.` });
}

function neverClosed(open: readonly Line[]): string {
  return `The quote that opens in line ${open.at(0)?.number} is not closed`;
}

/** The one record that the lines are; `open` while a quote is, so that the record goes on. */
function readRecord(
  lines: readonly Line[],
  delimiter: Delimiter,
): 'open' | { fields: readonly string[] } | { problem: string } {
  const text = lines.map((line) => line.text).join('\n');
  if (!text.includes('"')) return { fields: text.split(delimiter).map((field) => field.trim()) };
  try {
    const [fields = []] = parse(text, { delimiter, record_delimiter: ['\n'], relax_column_count: true });
    return { fields: fields.map((field) => field.trim()) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    switch (error.code) {
      case 'CSV_QUOTE_NOT_CLOSED':
        return 'open';
      case 'CSV_INVALID_CLOSING_QUOTE':
        return { problem: `A field goes on behind its closing quote; ${QUOTING}.` };
      default:
        return { problem: `A quote stands inside a field that does not begin with one; ${QUOTING}.` };
    }
  }
}
