import type { Exchange, FetchContext, Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, credential, segment } from '../../sources/option.ts';
import { foundIn, toldGroups } from './user.ts';

/** `GET /directory_users/{id}` with an API key. @see https://workos.com/docs/reference/directory-sync/directory-user */
export const readPerson: Fetcher = async ({ id = '' }, context) => {
  const { status, body } = await askWorkOs(context, `/directory_users/${segment(id)}`);
  if (status === 404) return { outcome: 'not-found' };
  return { outcome: 'found', id, groups: toldGroups(body), ...foundIn(body) };
};

export function askWorkOs(context: FetchContext, path: string): Promise<Exchange> {
  const base = baseUrl(context, () => 'https://api.workos.com');
  return context.call({
    method: 'GET',
    url: `${base}${path}`,
    headers: { authorization: `Bearer ${credential(context)}`, accept: 'application/json' },
  });
}
