import type { JsonView } from '../../events/json-view.ts';
import { elementsOf, rowsOf } from '../../sources/elements.ts';
import { FetchError } from '../../sources/fetcher.ts';
import { option, segment } from '../../sources/option.ts';
import type { Listing } from '../../sources/sync/listing.ts';
import { askGusto, gustoPerson } from './api.ts';

const EMPLOYEES = 100;

/**
 * `GET /v1/companies/{id}/employees` of the company that `fetch.companyId` names; `X-Total-Pages` says how many pages there
 * are. @see https://docs.gusto.com/embedded-payroll/reference/get-v1-companies-company_id-employees
 */
export const listing: Listing = {
  list: async (context, place = '1') => {
    const company = segment(option(context, 'companyId'));
    const path = `/v1/companies/${company}/employees?page=${place}&per=${EMPLOYEES}`;
    const { status, body, headers } = await askGusto(context, path);
    if (status === 404)
      throw new FetchError('Gusto does not know the company', { isPermanent: true, status });
    const employees = elementsOf(body, '');
    const idOf = (employee: JsonView) => employee.text('uuid') ?? employee.text('id');
    const rows = rowsOf(employees, idOf, (employee, id) => ({
      is: 'person',
      id,
      found: { outcome: 'found', id, ...gustoPerson(employee) },
    }));
    const page = Number(place);
    const isLast =
      employees.length === 0 || page >= Number(headers['x-total-pages'] ?? Number.POSITIVE_INFINITY);
    return isLast ? { rows } : { rows, next: String(page + 1) };
  },
  tellsAbsence: false,
  needs: 'employees:read',
};
