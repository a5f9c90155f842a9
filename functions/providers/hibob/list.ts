import { elementsOf, rowsOf } from '../../sources/elements.ts';
import { FetchError } from '../../sources/fetcher.ts';
import type { Listing } from '../../sources/sync/listing.ts';
import { bobId, bobPerson, searchBob } from './api.ts';

/**
 * Everybody in one answer, those out of service among them; there is no list of changes. Fields that the service user may
 * not read are left out without a word, so that who is missing is not known to have left.
 */
export const listing: Listing = {
  list: async (context) => {
    const { status, body } = await searchBob(context, []);
    if (status === 404)
      throw new FetchError('HiBob answered 404 to the list of people', { isPermanent: true, status });
    const rows = rowsOf(elementsOf(body, 'employees'), bobId, (employee, id) => ({
      is: 'person',
      id,
      found: { outcome: 'found', id, ...bobPerson(employee) },
    }));
    return { rows };
  },
  tellsAbsence: false,
  needs:
    'Basic info, About, Work, Lifecycle and Employment of all employees, whatever their lifecycle status',
};
