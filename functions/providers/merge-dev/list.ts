import { compact } from '../../runtime/compact.ts';
import { elementsOf, rowsOf } from '../../sources/elements.ts';
import { type FetchContext, FetchError } from '../../sources/fetcher.ts';
import type { Listing, Row } from '../../sources/sync/listing.ts';
import { changesSince } from '../../sources/sync/since.ts';
import { askMerge, foundIn } from './api.ts';

/** Most of a page. */
const EMPLOYEES = 100;
/**
 * `GET /employees` of one linked account, those deleted in the HR system among them as far as Merge notices; changes are
 * what Merge has synced since then (`modified_after`).
 * @see https://docs.merge.dev/merge-unified/hris/common-models/employees/list
 */
export const listing: Listing = {
  list: (context, cursor) => employeesOn(context, { cursor }),
  ...changesSince('Merge', (context, since, cursor) =>
    employeesOn(context, { modified_after: since, cursor }),
  ),
  tellsAbsence: false,
  needs: 'to read employees of the linked account',
};

async function employeesOn(
  context: FetchContext,
  asked: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly rows: Row[]; readonly next?: string }> {
  const query = new URLSearchParams({
    page_size: String(EMPLOYEES),
    include_deleted_data: 'true',
    ...compact(asked),
  });
  const { status, body } = await askMerge(context, `/employees?${query}`);
  if (status === 404)
    throw new FetchError('Merge answered 404 to the list of employees', { isPermanent: true, status });
  const rows = rowsOf(elementsOf(body, 'results'), 'id', (employee, id) => ({
    is: 'person',
    id,
    found: { ...foundIn(employee), id },
  }));
  return { rows, ...compact({ next: body.text('next') }) };
}
