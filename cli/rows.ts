import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Transform } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { ScimInputError } from '../functions/person/error.ts';
import { parsePath } from '../functions/person/path.ts';
import { USER_KIND } from '../functions/person/schema.ts';
import { CommandFailure } from './failure.ts';

/** A person of a file: a whole resource (JSONL), or a value for each column (CSV); or what is wrong with the line. */
export type ImportRow = { readonly line: number } & (
  | { readonly resource: unknown }
  | { readonly operations: readonly { op: 'add'; path: string; value: string }[] }
  | { readonly problem: string }
);

export interface Rows {
  /** The same for the same file with the same columns: where an import that broke off has noted its place. */
  readonly identity: string;
  read(): AsyncGenerator<ImportRow>;
}

/**
 * Opens a file of persons; nothing of it is held in memory but the line at hand.
 *
 * @param file CSV with a header, or JSONL (`.jsonl`, `.ndjson`, or a first byte `{`); - for standard input
 * @param columns `Column=path,…`; without it the header has SCIM paths
 * @throws CommandFailure for a file that isn't there
 */
export async function openRows(file: string, columns: string | undefined): Promise<Rows> {
  const stat = file === '-' ? undefined : statSync(file, { throwIfNoEntry: false });
  if (file !== '-' && stat === undefined) throw new CommandFailure(`${file} does not exist`);
  // A file that was changed meanwhile is another one.
  const version = `${file}\n${stat?.size}\n${stat?.mtimeMs}\n${columns ?? ''}`;
  const identity = createHash('sha256').update(version).digest('hex').slice(0, 16);
  const source = () => (file === '-' ? process.stdin : createReadStream(file));
  const isJsonLines = /\.(jsonl|ndjson)$/i.test(file);
  return { identity, read: () => (isJsonLines ? readJsonLines(source()) : readCsv(source(), columns)) };
}

async function* readJsonLines(source: NodeJS.ReadableStream): AsyncGenerator<ImportRow> {
  let line = 0;
  for await (const text of createInterface({
    input: source.pipe(utf8Marks()),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    line += 1;
    const bare = line === 1 ? text.replace(/^\uFEFF/, '') : text;
    if (bare.trim() === '') continue;
    if (bare.includes(NOT_UTF8)) yield { line, problem: NO_UTF8 };
    else yield { line, ...parsed(bare) };
  }
}

function parsed(text: string): { resource: unknown } | { problem: string } {
  try {
    return { resource: JSON.parse(text) };
  } catch {
    return { problem: 'The line is not JSON.' };
  }
}

interface CsvRow {
  readonly record: string[];
  readonly info: { readonly lines: number; readonly error?: CsvError };
}

async function* readCsv(
  source: NodeJS.ReadableStream,
  columns: string | undefined,
): AsyncGenerator<ImportRow> {
  const rows = source.pipe(utf8Marks()).pipe(
    parse({
      bom: true,
      info: true,
      relax_column_count: true,
      // A header may be a path with a filter in it, which has quotes inside.
      relax_quotes: true,
      skip_empty_lines: true,
      trim: false,
    }),
  );
  let paths: (string | undefined)[] | undefined;
  let width = 0;
  try {
    for await (const { record, info } of rows as AsyncIterable<CsvRow>) {
      if (paths === undefined) {
        paths = pathsOf(record, columns);
        width = record.length;
        continue;
      }
      const line = info.lines;
      if (record.length !== width) {
        yield { line, problem: `The line has ${record.length} fields, and the header ${width}.` };
      } else if (record.some((value) => value.includes(NOT_UTF8))) {
        yield { line, problem: NO_UTF8 };
      } else yield { line, operations: operationsOf(record, paths) };
    }
  } catch (error) {
    // A quote that never ends: nothing behind it can be told apart, so it is one reject and the end.
    if (!(error instanceof CsvError)) throw error;
    if (paths === undefined) throw new CommandFailure(`the header can not be read: ${error.message}`);
    yield { line: Number(error.lines ?? 0), problem: `The file can not be read further: ${error.message}` };
  }
}

/** Which path each column fills; undefined for one that is passed over. */
function pathsOf(header: readonly string[], columns: string | undefined): (string | undefined)[] {
  const names = header.map((name) => name.trim());
  const given = new Map(
    (columns ?? '')
      .split(',')
      .filter((pair) => pair.trim() !== '')
      .map((pair) => {
        const mark = pair.indexOf('=');
        if (mark < 1) throw new CommandFailure(`--columns takes Column=path, not "${pair}"`);
        return [pair.slice(0, mark).trim(), pair.slice(mark + 1).trim()] as const;
      }),
  );
  for (const name of given.keys()) {
    if (!names.includes(name))
      throw new CommandFailure(`the file has no column "${name}"; it has ${names.join(', ')}`);
  }
  const paths = columns === undefined ? names : names.map((name) => given.get(name));
  for (const path of paths) if (path !== undefined) assertPath(path);
  if (!paths.some((path) => path?.toLowerCase() === 'username')) {
    throw new CommandFailure('no column is userName; name the columns with --columns "Login=userName,…"');
  }
  return paths;
}

function assertPath(path: string): void {
  try {
    parsePath(path, USER_KIND);
  } catch (error) {
    if (!(error instanceof ScimInputError)) throw error;
    throw new CommandFailure(`column "${path}": ${error.message}`);
  }
}

/** An empty field says nothing about the person; it doesn't take a value away. */
function operationsOf(record: readonly string[], paths: readonly (string | undefined)[]) {
  return paths.flatMap((path, index) => {
    const value = record[index] ?? '';
    return path === undefined || value === '' ? [] : [{ op: 'add' as const, path, value }];
  });
}

/** What stands where bytes were no UTF-8. */
const NOT_UTF8 = '\uFFFD';
const NO_UTF8 = 'The line has bytes that are not UTF-8; save the file as UTF-8.';

/** Decodes as text, with a mark in the place of bytes that are none. */
function utf8Marks(): Transform {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return new Transform({
    transform(chunk: Buffer, _, done) {
      done(null, decoder.decode(chunk, { stream: true }));
    },
    flush(done) {
      done(null, decoder.decode());
    },
  });
}
