import { attributesOf } from '../../events/attributes.ts';
import { dayOf } from '../../events/instant.ts';
import type { Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, basic, credential, option, segment } from '../../sources/option.ts';

const FIELDS = [
  'firstName',
  'preferredName',
  'lastName',
  'displayName',
  'workEmail',
  'jobTitle',
  'department',
  'division',
  'employeeNumber',
  'workPhone',
  'mobilePhone',
  'status',
  'hireDate',
  'terminationDate',
].join(',');

/** `GET /employees/{id}` with an API key. @see https://documentation.bamboohr.com/reference/get-employee */
export const readPerson: Fetcher = async ({ id = '' }, context) => {
  const base = baseUrl(context, () => `https://${option(context, 'companyDomain')}.bamboohr.com`);
  const { status, body } = await context.call({
    method: 'GET',
    url: `${base}/api/v1/employees/${segment(id)}?fields=${FIELDS}`,
    // The API key is the user; the password is anything.
    headers: { authorization: basic(credential(context), 'x'), accept: 'application/json' },
  });
  if (status === 404) return { outcome: 'not-found' };
  const email = body.text('workEmail');
  return {
    outcome: 'found',
    person: attributesOf({
      userName: email,
      email,
      givenName: body.text('preferredName') ?? body.text('firstName'),
      familyName: body.text('lastName'),
      displayName: body.text('displayName'),
      title: body.text('jobTitle'),
      department: body.text('department'),
      division: body.text('division'),
      employeeNumber: body.text('employeeNumber'),
      phone: body.text('workPhone'),
      mobile: body.text('mobilePhone'),
      active: body.text('status') === undefined ? undefined : body.text('status') !== 'Inactive',
    }),
    joinsAt: knownDayOf(body.text('hireDate')),
    leavesAt: knownDayOf(body.text('terminationDate')),
  };
};

/** BambooHR writes a day that isn't known as zeros. */
function knownDayOf(text: string | undefined): string | undefined {
  return text === '0000-00-00' ? undefined : dayOf(text);
}
