import { attributesOf } from '../../events/attributes.ts';
import { dayOf } from '../../events/instant.ts';
import type { FetchContext, Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, credential } from '../../sources/option.ts';

async function ask(context: FetchContext, endpoint: 'individual' | 'employment', id: string) {
  const base = baseUrl(context, () => 'https://api.tryfinch.com');
  const { body } = await context.call({
    method: 'POST',
    url: `${base}/employer/${endpoint}`,
    headers: {
      authorization: `Bearer ${credential(context)}`,
      'finch-api-version': '2020-09-17',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ requests: [{ individual_id: id }] }),
  });
  const response = body.list('responses')[0];
  return response?.number('code') === 200 ? response.at('body') : undefined;
}

/** Individual and employment. @see https://developer.tryfinch.com/api-reference/organization/employment */
export const readPerson: Fetcher = async ({ id = '' }, context) => {
  const individual = await ask(context, 'individual', id);
  if (individual === undefined) return { outcome: 'not-found' };
  const employment = await ask(context, 'employment', id);
  const emails = individual.list('emails');
  const email = (emails.find((each) => each.text('type') === 'work') ?? emails[0])?.text('data');
  return {
    outcome: 'found',
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
};
