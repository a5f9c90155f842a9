import { elementsOf, rowsOf } from '../../sources/elements.ts';
import { FetchError } from '../../sources/fetcher.ts';
import type { Listing } from '../../sources/sync/listing.ts';
import { askFinch, finchPerson, readMany } from './api.ts';

/** Of a page: as many as the guide asks for of individuals and employments in one call. */
const INDIVIDUALS = 1_000;

/**
 * The company's directory, those who left among it, and its individuals and employments: three calls a page. What Finch
 * knows is as old as its own last reading of the employer's system, and it tells no changes.
 * @see https://developer.tryfinch.com/api-reference/organization/directory
 */
export const listing: Listing = {
  list: async (context, place = '0') => {
    const offset = Number(place);
    const { status, body } = await askFinch(
      context,
      `/employer/directory?limit=${INDIVIDUALS}&offset=${offset}`,
    );
    if (status === 404)
      throw new FetchError('Finch answered 404 to the directory', { isPermanent: true, status });
    const listed = elementsOf(body, 'individuals');
    const ids = listed.flatMap((each) => each.text('id') ?? []);
    const individuals = await readMany(context, 'individual', ids);
    const employments = await readMany(context, 'employment', ids);
    const rows = rowsOf(listed, 'id', (_, id) => {
      const individual = individuals.get(id);
      const employment = employments.get(id);
      if (individual === undefined || employment === undefined) {
        const part = individual === undefined ? 'individual' : 'employment';
        return { is: 'unusable', id, reason: `Finch does not give the ${part} of this id` };
      }
      return { is: 'person', id, found: { outcome: 'found', id, ...finchPerson(individual, employment) } };
    });
    const total = body.number('paging.count');
    const next = offset + listed.length;
    const isLast = listed.length === 0 || (total === undefined ? listed.length < INDIVIDUALS : next >= total);
    return isLast ? { rows, total } : { rows, total, next: String(next) };
  },
  tellsAbsence: false,
  needs: 'the products directory, individual and employment',
};
