import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { delimiterOf, readHeader, recordsOf } from '../../functions/providers/file/csv.ts';
import { type Line, linesOf } from '../../functions/providers/file/lines.ts';
import { compact } from '../../functions/runtime/compact.ts';
import { isObject } from '../../functions/scim-core/resource/resource.ts';
import { CommandFailure } from '../failure.ts';
import { type Columns, columnsOf, GROUPS, isBeside, SOURCE_ID } from './columns.ts';

/** A person of a file: a whole resource (JSONL), or a value for each column (CSV); or what is wrong with it. */
export type ImportRow = {
  /** Where it begins. */
  readonly line: number;
  /** Where it ends, if it goes over several lines. */
  readonly lastLine?: number;
} & (
  | ({ readonly resource: unknown } & Beside)
  | ({ readonly operations: readonly { op: 'add'; path: string; value: string }[] } & Beside)
  | { readonly problem: string }
);

/** What a row says beside the person. */
interface Beside {
  /** Names of groups that the person is in. */
  readonly groups?: readonly string[];
  /** The id that the source of `--source` has for the person. */
  readonly sourceId?: string;
}

export interface Rows {
  /**
   * The same for the same file with the same columns: where an import that broke off has noted its place. Standard
   * input has none, for it can't be read again.
   */
  readonly identity: string | undefined;
  /** How much of it has been read, 0 to 1, where that can be said. */
  share(): number | undefined;
  read(): AsyncGenerator<ImportRow>;
}

/**
 * Opens a file of persons; nothing of it is held in memory but the row that is read.
 *
 * @param file CSV with a header, or JSONL; - for standard input. What doesn't end in .csv, .jsonl or .ndjson is told
 * by its first character: { begins JSONL
 * @param columns `Column=path,…`; without it the header has SCIM paths
 * @param hasSource a source is named, whose ids the column `id` has
 * @throws CommandFailure for a file that isn't there, or one without persons in it
 */
export function openRows(file: string, columns: string | undefined, hasSource = false): Rows {
  if (file === '-') {
    return {
      identity: undefined,
      share: () => undefined,
      read: () => rowsOf(process.stdin, file, columns, hasSource),
    };
  }
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw new CommandFailure(`${file} does not exist`);
  if (!stat.isFile()) throw new CommandFailure(`${file} is no file`);
  // A file that was changed meanwhile is another one.
  const version = `${resolve(file)}\n${stat.size}\n${stat.mtimeMs}\n${columns ?? ''}`;
  const stream = createReadStream(file);
  return {
    identity: createHash('sha256').update(version).digest('hex').slice(0, 16),
    share: () => (stat.size === 0 ? 1 : stream.bytesRead / stat.size),
    read: () => rowsOf(stream, file, columns, hasSource),
  };
}

async function* rowsOf(
  source: AsyncIterable<Uint8Array>,
  file: string,
  columns: string | undefined,
  hasSource: boolean,
): AsyncGenerator<ImportRow> {
  const lines = linesOf(source);
  let first = await lines.next();
  while (first.done !== true && first.value.problem === undefined && first.value.text.trim() === '') {
    first = await lines.next();
  }
  const name = file === '-' ? 'standard input' : file;
  if (first.done === true) throw new CommandFailure(`${name} is empty`);
  const line = first.value;
  if (isJsonLines(name, line)) {
    if (columns !== undefined) throw new CommandFailure('--columns is for CSV; JSONL has names of its own');
    yield* jsonRows(line, lines);
  } else yield* csvRows(line, lines, columns, hasSource);
}

function isJsonLines(name: string, { text }: Line): boolean {
  if (/\.(jsonl|ndjson)$/i.test(name)) return true;
  if (/\.csv$/i.test(name)) return false;
  if (text.trimStart().startsWith('[')) {
    throw new CommandFailure(`${name} is a JSON list; write one person a line (JSONL)`);
  }
  return text.trimStart().startsWith('{');
}

async function* jsonRows(first: Line, rest: AsyncIterable<Line>): AsyncGenerator<ImportRow> {
  yield jsonRow(first);
  for await (const line of rest) {
    if (line.text.trim() !== '' || line.problem !== undefined) yield jsonRow(line);
  }
}

function jsonRow({ number: line, text, problem }: Line): ImportRow {
  if (problem !== undefined) return { line, problem };
  try {
    const resource: unknown = JSON.parse(text);
    return { line, resource, ...besideIn(resource) };
  } catch (error) {
    return { line, problem: `The line is not JSON: ${(error as Error).message}` };
  }
}

async function* csvRows(
  header: Line,
  rest: AsyncIterable<Line>,
  pairs: string | undefined,
  hasSource: boolean,
): AsyncGenerator<ImportRow> {
  const refuse = (problem: string) =>
    new CommandFailure(`line ${header.number}, the header, can not be read. ${problem}`);
  if (header.problem !== undefined) throw refuse(header.problem);
  const delimiter = delimiterOf(header.text);
  const read = readHeader(header.text, delimiter);
  if ('problem' in read) throw refuse(read.problem);
  const { names } = read;
  const columns = columnsOf(names, pairs, hasSource);
  for await (const record of recordsOf(rest, delimiter)) {
    if ('problem' in record) {
      yield record;
      continue;
    }
    const { fields, ...place } = record;
    const problem = widthProblem(fields.length, names.length);
    const operations = operationsOf(fields, columns, hasSource);
    if (problem !== undefined) yield { ...place, problem };
    else if (operations.length === 0)
      yield { ...place, problem: 'None of the columns that count has a value.' };
    else yield { ...place, operations, ...besideOf(fields, columns) };
  }
}

function widthProblem(fields: number, columns: number): string | undefined {
  if (fields === columns) return undefined;
  return `There ${fields === 1 ? 'is 1 field' : `are ${fields} fields`} here, and ${columns} in the header.`;
}

/** An empty field says nothing about the person; it doesn't take a value away. */
function operationsOf(fields: readonly string[], columns: Columns, hasSource: boolean) {
  return columns.flatMap((path, index) => {
    const value = fields[index] ?? '';
    return path === undefined || value === '' || isBeside(path, hasSource)
      ? []
      : [{ op: 'add' as const, path, value }];
  });
}

function besideOf(fields: readonly string[], columns: Columns): Beside {
  const of = (name: string) => fields[columns.findIndex((path) => path?.toLowerCase() === name)];
  const groups = (of(GROUPS) ?? '').split(/[;|]/).flatMap((name) => name.trim() || []);
  const sourceId = of(SOURCE_ID)?.trim() || undefined;
  return compact({ groups: groups.length === 0 ? undefined : groups, sourceId });
}

/** As SCIM writes them: `groups` with their names, and `id`. */
function besideIn(resource: unknown): Beside {
  if (!isObject(resource)) return {};
  const { groups, id } = resource;
  const names = (Array.isArray(groups) ? groups : []).flatMap((group) => {
    const name = isObject(group) ? (group.display ?? group.value) : group;
    return typeof name === 'string' && name.trim() !== '' ? [name.trim()] : [];
  });
  const sourceId = typeof id === 'string' && id !== '' ? id : undefined;
  return compact({ groups: names.length === 0 ? undefined : names, sourceId });
}
