import { parse } from 'csv-parse/sync';
import { ScimInputError } from '../../functions/scim-core/error.ts';
import { applyPatch } from '../../functions/scim-core/patch/patch.ts';
import { parsePath } from '../../functions/scim-core/path/path.ts';
import { USER_KIND } from '../../functions/scim-core/schema.ts';
import { CommandFailure } from '../failure.ts';

/** Which path of a person each column fills, in the order of the columns; undefined for one that is passed over. */
export type Columns = readonly (string | undefined)[];

/** A column with the names of groups, several with `;` or `|` between them. */
export const GROUPS = 'groups';
/** A column with the source's own id of the person. */
export const SOURCE_ID = 'id';

/** Whether a column says something beside the person. An id is one where a source is named that it is of. */
export function isBeside(path: string, hasSource: boolean): boolean {
  const name = path.toLowerCase();
  return name === GROUPS || (name === SOURCE_ID && hasSource);
}

const HINT = 'Say what the columns are: --columns "Login=userName,First name=name.givenName".';

/**
 * What the columns of a CSV file are.
 *
 * @param header the names as the file has them: SCIM paths, unless `pairs` says what they are
 * @param pairs `Column=path,…`; columns that aren't in it are passed over
 * @param hasSource a source is named, whose ids a column may have
 * @throws CommandFailure for a column that isn't there, a path that no value can fill, or no userName
 */
export function columnsOf(header: readonly string[], pairs: string | undefined, hasSource: boolean): Columns {
  const given = pairs === undefined ? undefined : readPairs(pairs);
  for (const name of given?.keys() ?? []) {
    if (header.includes(name)) continue;
    throw new CommandFailure(`the file has no column "${name}"; it has ${header.map(quoted).join(', ')}`);
  }
  const columns = header.map((name) => (given === undefined ? name || undefined : given.get(name)));
  for (const [index, path] of columns.entries()) {
    if (path === undefined) continue;
    if (!isBeside(path, hasSource)) assertPath(path, header[index] ?? '');
    const other = columns.findIndex((each) => each?.toLowerCase() === path.toLowerCase());
    if (other !== index) throw new CommandFailure(`two columns are ${path}; leave one out with --columns`);
  }
  if (columns.some((path) => path?.toLowerCase() === 'username')) return columns;
  throw new CommandFailure(`No column is userName. ${HINT}`);
}

/** Columns may have commas in their names: such a pair stands in quotes, as it would in the file. */
function readPairs(text: string): Map<string, string> {
  const [pairs = []] = parse(text, { relax_quotes: true, trim: true });
  return new Map(
    pairs
      .filter((pair) => pair !== '')
      .map((pair) => {
        const [name, path] = [
          pair.slice(0, pair.indexOf('=')).trim(),
          pair.slice(pair.indexOf('=') + 1).trim(),
        ];
        if (pair.includes('=') && name !== '' && path !== '') return [name, path];
        throw new CommandFailure(`--columns takes Column=path,Column=path, not "${pair}"`);
      }),
  );
}

/** One of each type that an attribute may have: what takes none of them can't be filled from a field of text. */
const VALUES = ['text', 'true', '1'];

function assertPath(path: string, column: string): void {
  const problems = VALUES.map((value) => problemOf(path, value));
  if (problems.includes(undefined)) return;
  const hint = path === column ? ` ${HINT}` : '';
  throw new CommandFailure(`column ${quoted(column)}: ${problems[0]}${hint}`);
}

function problemOf(path: string, value: string): string | undefined {
  try {
    // A PATCH ignores what no schema knows; a column of a file is meant.
    parsePath(path, USER_KIND);
    const { changed } = applyPatch({ userName: 'somebody' }, [{ op: 'add', path, value }], USER_KIND);
    return changed ? undefined : `${path} is never kept.`;
  } catch (error) {
    if (error instanceof ScimInputError) return error.message;
    throw error;
  }
}

const quoted = (name: string) => `"${name}"`;
