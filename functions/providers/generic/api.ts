import { FetchError, type Fetcher } from '../../sources/fetcher.ts';
import { option, segment } from '../../sources/option.ts';
import { proofOf } from './proof.ts';
import { mapGroups, mapPerson } from './read.ts';

/**
 * Reads a person from any address: `fetch.url` with `{id}` in it, `fetch.authorization` (`Bearer`, `Basic` or `SSWS`, with
 * the credential behind it), and the source's `map` over the answer.
 */
export const readPerson: Fetcher = async ({ id, userName, email }, context) => {
  if (context.settings.map === undefined) {
    throw new FetchError('a source with fetch.url needs a map', { isPermanent: true });
  }
  const { status, body } = await context.call({
    method: 'GET',
    url: option(context, 'url').replaceAll('{id}', segment(id ?? userName ?? email ?? '')),
    headers: { authorization: proofOf(context), accept: 'application/json' },
  });
  if (status === 404) return { outcome: 'not-found' };
  const person = mapPerson(body.value, context.settings);
  if (Object.keys(person).length === 0) return { outcome: 'not-found' };
  return { outcome: 'found', groups: mapGroups(body.value, context.settings), person };
};
