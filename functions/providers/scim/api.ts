import type { Attributes } from '../../events/event.ts';
import { groupsIn } from '../../events/groups/in-user.ts';
import type { Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, credential, option, segment } from '../../sources/option.ts';

/** `GET /Users/{id}` of the publisher's own SCIM service (RFC 7644 section 3.4.1), with a bearer token. */
export const readPerson: Fetcher = async ({ id = '' }, context) => {
  const base = baseUrl(context, () => option(context, 'baseUrl'));
  const { status, body } = await context.call({
    method: 'GET',
    url: `${base}/Users/${segment(id)}`,
    headers: { authorization: `Bearer ${credential(context)}`, accept: 'application/scim+json' },
  });
  if (status === 404) return { outcome: 'not-found' };
  return { outcome: 'found', id, groups: groupsIn(body), person: body.value as Attributes };
};
