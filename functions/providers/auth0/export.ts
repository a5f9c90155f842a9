import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { jsonView } from '../../events/json-view.ts';
import { elementsOf, idsOf, nameless } from '../../sources/elements.ts';
import { type FetchContext, FetchError } from '../../sources/fetcher.ts';
import { segment } from '../../sources/option.ts';
import type { Page, Row } from '../../sources/sync/listing.ts';
import { type Line, linesOf } from '../file/lines.ts';
import { askAuth0, auth0Base } from './api.ts';
import { USER_ID, USERS, userRow } from './user-row.ts';

/** Where reading an export goes on. */
export interface ExportPlace {
  readonly job: string;
  /** Lines of the file that were read. */
  readonly lines: number;
}

/** What of a user is asked for: of JSON the names at the root are enough. */
const FIELDS = [
  'user_id',
  'email',
  'email_verified',
  'username',
  'phone_number',
  'given_name',
  'family_name',
  'name',
  'locale',
  'blocked',
  'created_at',
  'updated_at',
];
const ROWS = 500;
/** How long a job that isn't done is left alone. */
const WAIT_MS = 10_000;
/** Of the packed file: about a million users. */
const MOST_BYTES = 100 * 1024 * 1024;
/** No search gives more hits than this, on however many pages. */
export const MOST_HITS = 1_000;
const GZIP = [0x1f, 0x8b];

/**
 * Has Auth0 write all users into a file.
 * @returns where reading it begins
 * @see https://auth0.com/docs/manage-users/user-migration/bulk-user-exports
 */
export async function beginExport(context: FetchContext): Promise<ExportPlace> {
  const fields = FIELDS.map((name) => ({ name }));
  const { body } = await askAuth0(context, '/api/v2/jobs/users-exports', { format: 'json', fields });
  const job = body.text('id');
  if (job === undefined) throw new FetchError('Auth0 made no job of an export');
  return { job, lines: 0 };
}

/** A file that is being read. The file comes packed, so its place is found by reading on. */
interface Opened {
  readonly job: string;
  readonly lines: AsyncGenerator<Line>;
  readonly blocked: ReadonlySet<string>;
  read: number;
}

const opened = new WeakMap<FetchContext, Opened>();

/** A page of an export's users, one a line; waits for the job by asking to be asked again later. */
export async function exportPage(
  context: FetchContext,
  place: ExportPlace,
): Promise<Page & { readonly at?: ExportPlace }> {
  const before = opened.get(context);
  const isThere = before?.job === place.job && before.read === place.lines;
  const file = isThere ? before : await open(context, place);
  opened.set(context, file);
  const rows: Row[] = [];
  while (rows.length < ROWS) {
    const line = await nextLine(file);
    if (line === undefined) {
      opened.delete(context);
      return { rows };
    }
    rows.push(...rowOf(line, file.blocked));
  }
  return { rows, at: { ...place, lines: file.read } };
}

async function nextLine(file: Opened): Promise<Line | undefined> {
  const { value, done } = await file.lines.next().catch((error: Error) => {
    throw new FetchError(`the export of Auth0 breaks off: ${error.message}`);
  });
  if (done === true) return undefined;
  file.read += 1;
  return value;
}

function rowOf({ number, text, problem }: Line, blocked: ReadonlySet<string>): Row[] {
  if (problem !== undefined) throw new FetchError(`the export of Auth0 can not be read: ${problem}`);
  if (text.trim() === '') return [];
  try {
    const user = jsonView(JSON.parse(text));
    const id = user.text(USER_ID);
    return [
      id === undefined ? nameless(`line ${number}`, `it has no ${USER_ID}`) : userRow(user, id, blocked),
    ];
  } catch {
    throw new FetchError('the export of Auth0 has a line that is not JSON');
  }
}

async function open(context: FetchContext, { job, lines }: ExportPlace): Promise<Opened> {
  const blocked = await blockedUsers(context);
  const { status, body } = await askAuth0(context, `/api/v2/jobs/${segment(job)}`);
  if (status === 404) throw new FetchError('Auth0 has let go of the export', { isPermanent: true, status });
  const state = body.text('status');
  if (state === 'failed') throw new FetchError('Auth0 could not export its users', { isPermanent: true });
  const location = body.text('location');
  if (state !== 'completed' || location === undefined) {
    throw new FetchError(`the export of Auth0 is ${state ?? 'not begun'}`, { retryAfterMs: WAIT_MS });
  }
  const packed = await context.download(safe(location, context), MOST_BYTES);
  const file: Opened = { job, lines: linesOf(unpacked(packed)), blocked, read: 0 };
  while (file.read < lines) {
    if ((await nextLine(file)) === undefined)
      throw new FetchError('the export of Auth0 is shorter than it was');
  }
  return file;
}

/** The link is on a host of its own, good for 60 seconds, and proves itself: no token goes there. */
function safe(location: string, context: FetchContext): string {
  const url = URL.canParse(location) ? new URL(location) : undefined;
  if (url?.protocol === 'https:' || url?.origin === new URL(auth0Base(context)).origin) return location;
  throw new FetchError('Auth0 names an export at an address that is not https', { isPermanent: true });
}

function unpacked(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  const isPacked = GZIP.every((byte, index) => bytes[index] === byte);
  const whole = Readable.from([bytes]);
  return isPacked ? whole.pipe(createGunzip()) : whole;
}

/** How many users are blocked: more than a search gives can't be known all. */
export async function countBlocked(context: FetchContext): Promise<number> {
  return (await blockedPage(context, 0, 1)).total;
}

/** Who is blocked, by a search: that an export tells it is documented nowhere. */
async function blockedUsers(context: FetchContext): Promise<Set<string>> {
  const ids = new Set<string>();
  for (let page = 0; page * USERS < MOST_HITS; page += 1) {
    const found = await blockedPage(context, page, USERS);
    for (const id of found.ids) ids.add(id);
    if (found.ids.length < USERS) break;
  }
  return ids;
}

async function blockedPage(context: FetchContext, page: number, size: number) {
  const query = new URLSearchParams({
    search_engine: 'v3',
    q: 'blocked:true',
    fields: 'user_id',
    include_fields: 'true',
    include_totals: 'true',
    page: String(page),
    per_page: String(size),
  });
  const { body } = await askAuth0(context, `/api/v2/users?${query}`);
  return {
    total: body.number('total') ?? 0,
    ids: idsOf(elementsOf(body, 'users'), USER_ID),
  };
}
