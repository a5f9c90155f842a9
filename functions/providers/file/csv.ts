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

/** The names of the columns, or why they can't be told apart. A name may be a path with a filter, which has quotes inside. */
export function readHeader(header: string, delimiter: Delimiter): { names: string[] } | { problem: string } {
  try {
    const [names = []] = parse(header, { delimiter, record_delimiter: ['\n'], relax_quotes: true });
    return { names: names.map((name) => name.trim()) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { problem: `A quote is not closed; ${QUOTING}.` };
  }
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
  let place: Place = 'field';
  const close = (content: { fields: readonly string[] } | { problem: string }): CsvRecord => {
    const [first, last] = [open.at(0)?.number ?? 0, open.at(-1)?.number ?? 0];
    const end = open.at(-1)?.end;
    open = [];
    place = 'field';
    return { line: first, ...compact({ lastLine: last > first ? last : undefined, end }), ...content };
  };

  for await (const line of lines) {
    if (open.length === 0 && line.text.trim() === '' && line.problem === undefined) continue;
    open.push(line);
    if (line.problem !== undefined) {
      yield close({ problem: line.problem });
      continue;
    }
    place = placeAtEnd(line.text, delimiter, place);
    if (place !== 'quoted') {
      const record = close(readRecord(open, delimiter));
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

/** Where a reader is: before a field, in one without quotes, in one with them, or behind those. */
type Place = 'field' | 'plain' | 'quoted' | 'closed' | 'wrong';

/**
 * Where a reader is at the end of a line: still inside quotes, and the record goes on. Each line is looked at once, however
 * many a record has.
 */
function placeAtEnd(text: string, delimiter: Delimiter, from: Place): Place {
  if (!text.includes('"')) return from === 'quoted' ? 'quoted' : 'plain';
  let place: Place = from === 'quoted' ? 'quoted' : 'field';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (place === 'quoted') {
      if (character !== '"') continue;
      if (text.charAt(at + 1) === '"') at += 1;
      else place = 'closed';
    } else if (character === delimiter) place = 'field';
    else if (character === '"' && place === 'field') place = 'quoted';
    else if (character === '"' || place === 'closed') return 'wrong';
    else place = 'plain';
  }
  return place;
}

/** The one record that the lines are. */
function readRecord(
  lines: readonly Line[],
  delimiter: Delimiter,
): { fields: readonly string[] } | { problem: string } {
  const text = lines.map((line) => line.text).join('\n');
  if (!text.includes('"')) return { fields: text.split(delimiter).map((field) => field.trim()) };
  try {
    const [fields = []] = parse(text, {
      delimiter,
      record_delimiter: ['\n'],
      relax_column_count: true,
      // Blanks in quotes are meant (RFC 4180 section 2, rule 4); around other fields they are of the layout.
      cast: (field, { quoting }) => (quoting ? field : field.trim()),
    });
    return { fields };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return error.code === 'CSV_INVALID_CLOSING_QUOTE'
      ? { problem: `A field goes on behind its closing quote; ${QUOTING}.` }
      : { problem: `A quote stands inside a field that does not begin with one; ${QUOTING}.` };
  }
}
