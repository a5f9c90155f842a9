import { elementsOf, rowsOf } from '../../sources/elements.ts';
import { FetchError } from '../../sources/fetcher.ts';
import type { Listing } from '../../sources/sync/listing.ts';
import { askRippling, EXPANDED, ripplingPerson } from './api.ts';

/**
 * `GET /workers/`, those who left among them, page by page as its links say. A filter by `updated_at` is documented, but
 * not how its times are written, nor whether it tells another name; so everybody at night.
 * @see https://developer.rippling.com/documentation/rest-api/reference/list-workers
 */
export const listing: Listing = {
  list: async (context, place) => {
    const cursor = place === undefined ? '' : `&cursor=${encodeURIComponent(place)}`;
    const path = `/workers/?expand=${EXPANDED}&order_by=id${cursor}`;
    const { status, body } = await askRippling(context, path);
    if (status === 404)
      throw new FetchError('Rippling answered 404 to the list of workers', { isPermanent: true, status });
    const rows = rowsOf(elementsOf(body, 'results'), 'id', (worker, id) => {
      // An offer that isn't accepted.
      if (worker.text('status') === 'INIT') return { is: 'unusable', id, reason: 'not hired yet (INIT)' };
      return { is: 'person', id, found: { outcome: 'found', id, ...ripplingPerson(worker) } };
    });
    const [, parameters] = (body.text('next_link') ?? '').split('?');
    const next = new URLSearchParams(parameters).get('cursor');
    return next === null || next === '' ? { rows } : { rows, next };
  },
  tellsAbsence: false,
  needs: 'workers.read and users.read',
};
