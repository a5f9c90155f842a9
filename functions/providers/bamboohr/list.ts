import { isoOf } from '../../events/instant.ts';
import { jsonView } from '../../events/json-view.ts';
import { compact } from '../../runtime/compact.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import { elementsOf, rowsOf } from '../../sources/elements.ts';
import { FetchError } from '../../sources/fetcher.ts';
import { CursorLost, type Listing, type Row } from '../../sources/sync/listing.ts';
import { askBamboo, bambooPerson, FIELDS } from './api.ts';

/** Most of a page. */
const EMPLOYEES = 2_500;
/** A change that is stored a moment later is not passed over. */
const OVERLAP_MS = 2 * 60_000;

/**
 * `GET /employees` without filter and sort: who has an unreadable value in a field of these would be left out, and the
 * total with them. Changes name employees alone.
 * @see https://documentation.bamboohr.com/reference/get-changed-employee-ids
 */
export const listing: Listing = {
  list: async (context, place) => {
    const query = new URLSearchParams({
      fields: FIELDS.join(','),
      'page[limit]': String(EMPLOYEES),
      ...compact({ 'page[after]': place }),
    });
    const { status, body } = await askBamboo(context, `/api/v1/employees?${query}`);
    if (status === 404)
      throw new FetchError('BambooHR answered 404 to the list of employees', { isPermanent: true, status });
    const rows = rowsOf(elementsOf(body, 'data'), 'employeeId', (employee, id) => ({
      is: 'person',
      id,
      found: { outcome: 'found', id, ...bambooPerson(employee) },
    }));
    return { rows, total: body.number('meta.total'), next: body.text('meta.page.nextCursor') };
  },
  begin: ({ now }) => new Date(now() - OVERLAP_MS).toISOString(),
  changes: async (context, since) => {
    if (isoOf(since) === undefined) throw new CursorLost('the cursor is not one of BambooHR');
    const begun = new Date(context.now() - OVERLAP_MS).toISOString();
    const { body } = await askBamboo(context, `/api/v1/employees/changed?since=${encodeURIComponent(since)}`);
    const employees = body.at('employees').value;
    // None is an empty object, or an empty list.
    if (!isObject(employees) && !(Array.isArray(employees) && employees.length === 0)) {
      throw new FetchError('BambooHR did not answer with the employees who changed');
    }
    const rows = Object.entries(employees).map(([id, value]): Row => {
      const isDeleted = jsonView(value).text('action') === 'Deleted';
      return isDeleted ? { is: 'gone', id, how: 'deleted' } : { is: 'changed', id };
    });
    // Not the time of the latest change: that one is among the changes since then.
    return { rows, cursor: begun };
  },
  tellsAbsence: true,
  needs: 'access to all employees and to the fields status, hireDate and terminationDate',
};
