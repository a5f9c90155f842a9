import { attributesOf } from '../../events/attributes.ts';
import { dayOf } from '../../events/instant.ts';
import { clientToken } from '../../sources/client-credentials.ts';
import type { Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, segment } from '../../sources/option.ts';

/** `GET /v2/persons/{id}`. @see https://developer.personio.de/reference/get_v2-persons-id */
export const readPerson: Fetcher = async ({ id = '' }, context) => {
  const base = baseUrl(context, () => 'https://api.personio.de');
  const token = await clientToken(context, `${base}/v2/auth/token`);
  const { status, body } = await context.call({
    method: 'GET',
    url: `${base}/v2/persons/${segment(id)}`,
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
  });
  if (status === 404) return { outcome: 'not-found' };
  const person = body.has('data') ? body.at('data') : body;
  const email = person.text('email');
  const employment = person.list('employments').at(-1);
  return {
    outcome: 'found',
    person: attributesOf({
      userName: email,
      email,
      givenName: person.text('preferred_name') ?? person.text('first_name'),
      familyName: person.text('last_name'),
      title: employment?.text('position.title'),
      active: activeOf(person.text('status'), employment?.text('status')),
    }),
    joinsAt: dayOf(employment?.text('employment_start_date')),
    leavesAt: dayOf(employment?.text('employment_end_date')),
  };
};

/** A person who is hired and hasn't begun yet is not out of service: the first day says from when. */
function activeOf(status: string | undefined, employment: string | undefined): boolean | undefined {
  if (employment === 'ONBOARDING') return true;
  return status === undefined ? undefined : status === 'ACTIVE';
}
