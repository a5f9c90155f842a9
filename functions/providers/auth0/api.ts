import { clientToken } from '../../sources/client-credentials.ts';
import type { Exchange, FetchContext, Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, option, segment } from '../../sources/option.ts';
import { foundIn } from './user.ts';

/** `GET /api/v2/users/{id}` of the Management API. @see https://auth0.com/docs/api/management/v2/users/get-users-by-id */
export const readPerson: Fetcher = async ({ id = '' }, context) => {
  const { status, body } = await askAuth0(context, `/api/v2/users/${segment(id)}`);
  return status === 404 ? { outcome: 'not-found' } : { outcome: 'found', ...foundIn(body) };
};

export function auth0Base(context: FetchContext): string {
  return baseUrl(context, () => `https://${option(context, 'domain')}`);
}

/** @param sent what is sent as JSON; without it the path is only read */
export async function askAuth0(context: FetchContext, path: string, sent?: object): Promise<Exchange> {
  const base = auth0Base(context);
  const audience = option(context, 'audience', `${base}/api/v2/`);
  const token = await clientToken(context, `${base}/oauth/token`, { audience });
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  const url = `${base}${path}`;
  if (sent === undefined) return context.call({ method: 'GET', url, headers });
  const body = JSON.stringify(sent);
  return context.call({
    method: 'POST',
    url,
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  });
}
