import { attributesOf } from '../../events/attributes.ts';
import { dayOf } from '../../events/instant.ts';
import type { JsonView } from '../../events/json-view.ts';
import type { Exchange, FetchContext, Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, credential, segment } from '../../sources/option.ts';
import { type StatusWords, standingIn } from '../../sources/status.ts';

/** Who was hired and hasn't begun yet is in service: the first day says from when. */
const STATUSES: StatusWords = { INIT: true, HIRED: true, ACCEPTED: true, ACTIVE: true, TERMINATED: false };
/** What a worker has only where it is asked for: names and phone numbers are the user's. */
export const EXPANDED = 'user,department,employment_type';

/** `GET /workers/{id}/`. @see https://developer.rippling.com/documentation/rest-api/reference/get-workers */
export const readPerson: Fetcher = async ({ id = '' }, context) => {
  const { status, body } = await askRippling(context, `/workers/${segment(id)}/?expand=${EXPANDED}`);
  return status === 404 ? { outcome: 'not-found' } : { outcome: 'found', ...ripplingPerson(body) };
};

export function askRippling(context: FetchContext, path: string): Promise<Exchange> {
  const base = baseUrl(context, () => 'https://rest.ripplingapis.com');
  return context.call({
    method: 'GET',
    url: `${base}${path}`,
    headers: { authorization: `Bearer ${credential(context)}`, accept: 'application/json' },
  });
}

/** A worker as Rippling has it, read alone or on a list. */
export function ripplingPerson(worker: JsonView) {
  const user = worker.at('user');
  const email = worker.text('work_email');
  const { active, ...status } = standingIn(STATUSES, worker.text('status'));
  const phoneOf = (type: string) =>
    user
      .list('phone_numbers')
      .find((each) => each.text('type') === type)
      ?.text('value')
      // RFC 3966.
      ?.replace(/^tel:/i, '');
  return {
    ...status,
    person: attributesOf({
      userName: email,
      email,
      givenName: user.text('name.preferred_given_name') ?? user.text('name.given_name'),
      familyName: user.text('name.preferred_family_name') ?? user.text('name.family_name'),
      displayName: user.text('display_name'),
      title: worker.text('title'),
      userType: worker.text('employment_type.type'),
      department: worker.text('department.name'),
      employeeNumber: worker.text('number'),
      phone: phoneOf('WORK'),
      mobile: phoneOf('MOBILE'),
      locale: user.text('locale'),
      timezone: user.text('timezone'),
      active,
    }),
    joinsAt: dayOf(worker.text('start_date')),
    leavesAt: dayOf(worker.text('end_date')),
  };
}
