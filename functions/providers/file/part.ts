import { compact } from '../../runtime/compact.ts';
import { FetchError } from '../../sources/fetcher.ts';
import type { Row } from '../../sources/sync/listing.ts';
import type { FileSource } from '../../tenant/file-source.ts';
import type { SourceSettings } from '../../tenant/sources.ts';
import { type Delimiter, delimiterOf, readHeader, recordsOf } from './csv.ts';
import { type Line, linesOf } from './lines.ts';
import type { OpenFile } from './open-file.ts';
import { nobody, type RowForm, type RowReader, rowReader } from './row.ts';

/** Where reading a file goes on. */
export interface FilePlace {
  readonly edition: string;
  /** In bytes. */
  readonly at: number;
  /** Lines before it. */
  readonly lines: number;
  /** Of a CSV file, once its header is read. */
  readonly columns?: readonly string[];
  readonly delimiter?: Delimiter;
}

/** Rows of a page. */
const ROWS = 250;

/** A page of a file's rows, and where the next one begins; undefined behind the last row. */
export async function readPart(
  file: OpenFile,
  source: FileSource,
  settings: SourceSettings,
  place: FilePlace,
): Promise<{ readonly rows: readonly Row[]; readonly next: FilePlace | undefined }> {
  const lines = linesOf(file.read(place.at), { ...place, encoding: source.encoding });
  const read = rowReader(settings, formOf(source));
  const rows: Row[] = [];
  let { columns, delimiter } = place;
  if (source.format === 'csv' && columns === undefined) {
    ({ columns, delimiter } = await headerIn(lines, source));
  }
  const known = compact({ columns, delimiter });
  for await (const { row, end, line } of source.format === 'csv'
    ? csvRows(lines, columns ?? [], delimiter ?? ',', read)
    : jsonRows(lines, read)) {
    rows.push(row);
    if (rows.length === ROWS) return { rows, next: { ...place, ...known, at: end, lines: line } };
  }
  return { rows, next: undefined };
}

function formOf({ format }: FileSource): RowForm {
  return format === 'csv' ? CSV : JSON_LINES;
}

const CSV: RowForm = { word: 'line', hasText: true };
const JSON_LINES: RowForm = { word: 'line', hasText: false };

async function headerIn(
  lines: AsyncGenerator<Line>,
  source: FileSource,
): Promise<{ columns: string[]; delimiter: Delimiter }> {
  for (;;) {
    const { value: line, done } = await lines.next();
    if (done === true) throw new FetchError(`${source.file} is empty`);
    if (line.problem !== undefined) {
      throw new FetchError(`${source.file}, line ${line.number}, the header: ${line.problem}`);
    }
    if (line.text.trim() === '') continue;
    const delimiter = source.delimiter ?? delimiterOf(line.text);
    const header = readHeader(line.text, delimiter);
    if ('problem' in header) {
      throw new FetchError(`${source.file}, line ${line.number}, the header: ${header.problem}`);
    }
    const { names: columns } = header;
    const twice = columns.find((name, index) => name !== '' && columns.indexOf(name) !== index);
    if (twice !== undefined) throw new FetchError(`${source.file} has two columns ${JSON.stringify(twice)}`);
    return { columns, delimiter };
  }
}

interface PlacedRow {
  readonly row: Row;
  readonly end: number;
  readonly line: number;
}

async function* csvRows(
  lines: AsyncIterable<Line>,
  columns: readonly string[],
  delimiter: Delimiter,
  read: RowReader,
): AsyncGenerator<PlacedRow> {
  for await (const record of recordsOf(lines, delimiter)) {
    const { line, lastLine = line, end = 0 } = record;
    yield { row: csvRow(record, columns, read), end, line: lastLine };
  }
}

function csvRow(
  record: { readonly line: number } & ({ fields: readonly string[] } | { problem: string }),
  columns: readonly string[],
  read: RowReader,
): Row {
  const { line } = record;
  if ('problem' in record) return nobody(line, record.problem, CSV);
  const { fields } = record;
  if (fields.length !== columns.length) {
    return nobody(
      line,
      `there are ${fields.length} fields, and ${columns.length} columns in the header`,
      CSV,
    );
  }
  return read(line, Object.fromEntries(columns.map((name, index) => [name, fields[index] ?? ''])));
}

async function* jsonRows(lines: AsyncIterable<Line>, read: RowReader): AsyncGenerator<PlacedRow> {
  for await (const { number: line, text, problem, end = 0 } of lines) {
    if (problem !== undefined) yield { row: nobody(line, problem, JSON_LINES), end, line };
    else if (text.trim() !== '') yield { row: jsonRow(line, text, read), end, line };
  }
}

function jsonRow(line: number, text: string, read: RowReader): Row {
  try {
    return read(line, JSON.parse(text));
  } catch (error) {
    // What a parser says quotes the line.
    if (error instanceof SyntaxError) return nobody(line, 'it is not JSON', JSON_LINES);
    throw error;
  }
}
