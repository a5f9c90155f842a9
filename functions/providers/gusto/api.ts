import { attributesOf } from '../../events/attributes.ts';
import { dayOf } from '../../events/instant.ts';
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
  // The newest: the list keeps those of former employments.
  const [leavesAt] = terminations
    .flatMap((each) => dayOf(each.text('effective_date')) ?? [])
    .toSorted()
    .reverse();
  const isTerminated = body.flag('terminated');
  const job = body.list('jobs').find((each) => each.flag('primary') === true);
  return {
    outcome: 'found',
    person: attributesOf({
      userName: email,
      email,
      givenName: body.text('preferred_first_name') ?? body.text('first_name'),
      familyName: body.text('last_name'),
      department: body.text('department'),
      phone: body.text('phone'),
      title: job?.text('title'),
      active: isTerminated === undefined ? undefined : !isTerminated,
    }),
    joinsAt: dayOf(job?.text('hire_date')),
    leavesAt,
    // Said when the last day is entered; on that day itself the employee still works.
    isOutAfterLastDay: true,
  };
};
