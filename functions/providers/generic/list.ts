import { type FetchContext, FetchError } from '../../sources/fetcher.ts';
import { option } from '../../sources/option.ts';
import type { Listing, Page } from '../../sources/sync/listing.ts';
import { changesSince } from '../../sources/sync/since.ts';
import { rowReader } from '../file/row.ts';
import { proofOf } from './proof.ts';

/** A report is made while it is asked for, and has everybody in one answer. */
const TIMEOUT_MS = 120_000;
const MOST_BYTES = 30 * 1024 * 1024;

/**
 * The people of any address that answers with all of them at once (`fetch.list`), such as a report of Workday
 * (`…/ccx/service/customreport2/…?format=json`); changes where the configuration names the parameter that asks for them.
 * @see https://docs.workato.com/connectors/workday/workday_raas
 */
export const listing: Listing = {
  list: (context) => entriesOf(context, {}),
  ...changesSince('this source', (context, since) =>
    entriesOf(context, { [option(context, 'changedSince')]: since }),
  ),
  begin: ({ settings, now }) =>
    settings.fetch?.changedSince === undefined
      ? undefined
      : JSON.stringify({ since: new Date(now() - 60_000).toISOString() }),
  tellsAbsence: true,
  // Whether a report has everybody, its author alone knows.
  isOfSome: ({ settings }) => settings.fetch?.content !== 'full',
  needs: 'to run the report, and to see each of its fields',
};

async function entriesOf(context: FetchContext, also: Readonly<Record<string, string>>): Promise<Page> {
  const url = new URL(option(context, 'list'));
  for (const [name, value] of Object.entries(also)) url.searchParams.set(name, value);
  const { status, body } = await context.call({
    method: 'GET',
    url: url.href,
    headers: { authorization: proofOf(context), accept: 'application/json' },
    timeoutMs: TIMEOUT_MS,
    maxBytes: MOST_BYTES,
  });
  if (status === 404)
    throw new FetchError(`${url.host} answered 404 to the list`, { isPermanent: true, status });
  const place = context.settings.fetch?.entries ?? (Array.isArray(body.value) ? '' : 'Report_Entry');
  const list = body.at(place).value;
  if (!Array.isArray(list)) {
    throw new FetchError(`the answer of ${url.host} has no list at "${place}" (fetch.entries)`);
  }
  const read = rowReader(context.settings, { word: 'entry', hasText: false });
  return { rows: list.map((entry, index) => read(index + 1, entry)) };
}
