import type { JsonView } from '../../events/json-view.ts';
import { compact } from '../../runtime/compact.ts';
import { elementsOf, rowsOf } from '../../sources/elements.ts';
import { type FetchContext, FetchError } from '../../sources/fetcher.ts';
import type { Listing } from '../../sources/sync/listing.ts';
import { changesSince } from '../../sources/sync/since.ts';
import { askPersonio, PAGE, personioPerson, readEmployment } from './api.ts';

/**
 * `GET /v2/persons`, those out of service among them. Days and the finer status are in the employments: a call a person.
 * Changes by `updated_at`; whether a new employment changes that of its person is said nowhere, so the whole list tells.
 * @see https://developer.personio.de/reference/get_v2-persons
 */
export const listing: Listing = {
  list: async (context, cursor) => {
    const { persons, next } = await personsOn(context, { cursor });
    const ids = persons.flatMap((person) => person.text('id') ?? []);
    const employments = new Map(
      await Promise.all(ids.map(async (id) => [id, await readEmployment(context, id)] as const)),
    );
    const rows = rowsOf(persons, 'id', (person, id) => ({
      is: 'person',
      id,
      found: { outcome: 'found', id, ...personioPerson(person, employments.get(id)) },
    }));
    return { rows, ...compact({ next }) };
  },
  ...changesSince('Personio', async (context, since, cursor) => {
    const { persons, next } = await personsOn(context, { 'updated_at.gt': since, cursor });
    return { rows: rowsOf(persons, 'id', (_, id) => ({ is: 'changed', id })), next };
  }),
  tellsAbsence: true,
  needs: 'personio:persons:read, and the employment attributes to be readable',
};

/** A page, and the cursor of the next one, which its link has. */
async function personsOn(
  context: FetchContext,
  asked: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly persons: JsonView[]; readonly next: string | undefined }> {
  const query = new URLSearchParams({ limit: String(PAGE), ...compact(asked) });
  const { status, body } = await askPersonio(context, `/v2/persons?${query}`);
  if (status === 404)
    throw new FetchError('Personio answered 404 to the list of persons', { isPermanent: true, status });
  const [, parameters] = (body.text('_meta.links.next.href') ?? '').split('?');
  return {
    persons: elementsOf(body, '_data'),
    next: new URLSearchParams(parameters).get('cursor') ?? undefined,
  };
}
