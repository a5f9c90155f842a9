import { attributesOf } from '../../events/attributes.ts';
import { dayOf } from '../../events/instant.ts';
import type { JsonView } from '../../events/json-view.ts';
import type { Exchange, FetchContext, Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, credential } from '../../sources/option.ts';

export function askFinch(context: FetchContext, path: string, body?: unknown): Promise<Exchange> {
  const base = baseUrl(context, () => 'https://api.tryfinch.com');
  return context.call({
    method: body === undefined ? 'GET' : 'POST',
    url: `${base}${path}`,
    headers: {
      authorization: `Bearer ${credential(context)}`,
      'finch-api-version': '2020-09-17',
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** Individuals or employments by their ids, in one call; who can't be read has none. */
export async function readMany(
  context: FetchContext,
  endpoint: 'individual' | 'employment',
  ids: readonly string[],
): Promise<Map<string, JsonView>> {
  if (ids.length === 0) return new Map();
  const requests = ids.map((id) => ({ individual_id: id }));
  const { body } = await askFinch(context, `/employer/${endpoint}`, { requests });
  return new Map(
    body.list('responses').flatMap((response): [string, JsonView][] => {
      const id = response.text('individual_id');
      return id === undefined || response.number('code') !== 200 ? [] : [[id, response.at('body')]];
    }),
  );
}

/** Individual and employment. @see https://developer.tryfinch.com/api-reference/organization/employment */
export const readPerson: Fetcher = async ({ id = '' }, context) => {
  const individual = (await readMany(context, 'individual', [id])).get(id);
  if (individual === undefined) return { outcome: 'not-found' };
  const employment = (await readMany(context, 'employment', [id])).get(id);
  return { outcome: 'found', ...finchPerson(individual, employment) };
};

/** A person as Finch has it, in two parts. */
export function finchPerson(individual: JsonView, employment: JsonView | undefined) {
  const emails = individual.list('emails');
  const email = (emails.find((each) => each.text('type') === 'work') ?? emails[0])?.text('data');
  return {
    person: attributesOf({
      userName: email,
      email,
      givenName: individual.text('preferred_name') ?? individual.text('first_name'),
      familyName: individual.text('last_name'),
      phone: individual.list('phone_numbers')[0]?.text('data'),
      title: employment?.text('title'),
      userType: employment?.text('employment.type'),
      department: employment?.text('department.name'),
      active: employment?.flag('is_active'),
    }),
    joinsAt: dayOf(employment?.text('start_date')),
    leavesAt: dayOf(employment?.text('end_date')),
  };
}
