import { attributesOf } from '../../events/attributes.ts';
import { isoOf } from '../../events/instant.ts';
import type { Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, credential, segment } from '../../sources/option.ts';

/** `GET /v1/employees/{id}`. @see https://docs.gusto.com/embedded-payroll/reference/get-v1-employees */
export const readPerson: Fetcher = async ({ id = '' }, context) => {
  const base = baseUrl(context, () => 'https://api.gusto.com');
  const { status, body } = await context.call({
    method: 'GET',
    url: `${base}/v1/employees/${segment(id)}`,
    headers: { authorization: `Bearer ${credential(context)}`, accept: 'application/json' },
  });
  if (status === 404) return { outcome: 'not-found' };
  const email = body.text('work_email') ?? body.text('email');
  const terminations = body.list('terminations');
  const last = terminations.find((each) => each.flag('active') === true) ?? terminations.at(-1);
  return {
    outcome: 'found',
    person: attributesOf({
      userName: email,
      email,
      givenName: body.text('preferred_first_name') ?? body.text('first_name'),
      familyName: body.text('last_name'),
      department: body.text('department'),
      phone: body.text('phone'),
      title: body
        .list('jobs')
        .find((job) => job.flag('primary') === true)
        ?.text('title'),
      active: body.flag('terminated') !== true,
    }),
    leavesAt: isoOf(last?.text('effective_date')),
  };
};
