import { attributesOf } from '../../events/attributes.ts';
import { dayOf } from '../../events/instant.ts';
import type { JsonView } from '../../events/json-view.ts';
import { clientToken } from '../../sources/client-credentials.ts';
import type { Exchange, FetchContext, Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, segment } from '../../sources/option.ts';
import { type Standing, standingIn } from '../../sources/status.ts';

/** Most of a page, of persons and of employments alike. */
export const PAGE = 50;

/** `GET /v2/persons/{id}`, and the person's employments. @see https://developer.personio.de/reference/get_v2-persons-id */
export const readPerson: Fetcher = async ({ id = '' }, context) => {
  const { status, body } = await askPersonio(context, `/v2/persons/${segment(id)}`);
  if (status === 404) return { outcome: 'not-found' };
  return { outcome: 'found', ...personioPerson(body, await readEmployment(context, id)) };
};

/** A call as the client of the credentials; `path` may be a whole address of Personio, as its links are. */
export async function askPersonio(context: FetchContext, path: string): Promise<Exchange> {
  const base = baseUrl(context, () => 'https://api.personio.de');
  const token = await clientToken(context, `${base}/v2/auth/token`);
  return context.call({
    method: 'GET',
    url: `${base}${path}`,
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
  });
}

/**
 * The employment that counts: a person has only their ids. The newest stand first; of a person who is employed again that
 * is one to come, and who works meanwhile works in another.
 * @see https://developer.personio.de/reference/get_v2-persons-person-id-employments
 */
export async function readEmployment(context: FetchContext, id: string): Promise<JsonView | undefined> {
  const { status, body } = await askPersonio(context, `/v2/persons/${segment(id)}/employments?limit=${PAGE}`);
  const employments = status === 404 ? [] : body.list('_data');
  const isIn = (each: JsonView) => /^(ACTIVE|LEAVE)$/.test(each.text('status') ?? '');
  return employments.find(isIn) ?? employments[0];
}

/** A person as Personio has it, read alone or on a list, with the employment that counts. */
export function personioPerson(person: JsonView, employment: JsonView | undefined) {
  const email = person.text('email');
  const { active, ...status } = standingOf(person.text('status'), employment?.text('status'));
  return {
    ...status,
    person: attributesOf({
      userName: email,
      email,
      givenName: person.text('preferred_name') ?? person.text('first_name'),
      familyName: person.text('last_name'),
      title: employment?.text('position.title'),
      active,
    }),
    joinsAt: dayOf(employment?.text('employment_start_date')),
    leavesAt: dayOf(
      employment?.text('employment_end_date') ?? employment?.text('termination.termination_date'),
    ),
  };
}

/** A person who is hired and hasn't begun yet is not out of service: the first day says from when. */
function standingOf(status: string | undefined, employment: string | undefined): Standing {
  if (employment === 'ONBOARDING') return { active: true };
  return standingIn({ ACTIVE: true, INACTIVE: false, UNSPECIFIED: undefined }, status);
}
