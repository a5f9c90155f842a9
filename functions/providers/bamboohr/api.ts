import { attributesOf } from '../../events/attributes.ts';
import { dayOf } from '../../events/instant.ts';
import type { JsonView } from '../../events/json-view.ts';
import type { Exchange, FetchContext, Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, basic, credential, option, segment } from '../../sources/option.ts';
import { standingIn } from '../../sources/status.ts';

export const FIELDS = [
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
  'employmentHistoryStatus',
  'status',
  'hireDate',
  'terminationDate',
];

/** `GET /employees/{id}` with an API key. @see https://documentation.bamboohr.com/reference/get-employee */
export const readPerson: Fetcher = async ({ id = '' }, context) => {
  const { status, body } = await askBamboo(
    context,
    `/api/v1/employees/${segment(id)}?fields=${FIELDS.join(',')}`,
  );
  return status === 404 ? { outcome: 'not-found' } : { outcome: 'found', ...bambooPerson(body) };
};

export function askBamboo(context: FetchContext, path: string): Promise<Exchange> {
  const base = baseUrl(context, () => `https://${option(context, 'companyDomain')}.bamboohr.com`);
  return context.call({
    method: 'GET',
    url: `${base}${path}`,
    // The API key is the user; the password is anything.
    headers: { authorization: basic(credential(context), 'x'), accept: 'application/json' },
  });
}

/** An employee as BambooHR has it, read alone or on a list, which calls the job otherwise. */
export function bambooPerson(body: JsonView) {
  const email = body.text('workEmail');
  const { active, ...status } = standingIn({ ACTIVE: true, INACTIVE: false }, body.text('status'));
  return {
    ...status,
    person: attributesOf({
      userName: email,
      email,
      givenName: body.text('preferredName') ?? body.text('firstName'),
      familyName: body.text('lastName'),
      displayName: body.text('displayName'),
      title: body.text('jobTitle') ?? body.text('jobTitleName'),
      userType: body.text('employmentHistoryStatus'),
      department: body.text('department'),
      division: body.text('division'),
      employeeNumber: body.text('employeeNumber'),
      phone: body.text('workPhone'),
      mobile: body.text('mobilePhone'),
      active,
    }),
    joinsAt: knownDayOf(body.text('hireDate')),
    leavesAt: knownDayOf(body.text('terminationDate')),
  };
}

/** BambooHR writes a day that isn't known as zeros. */
function knownDayOf(text: string | undefined): string | undefined {
  return text === '0000-00-00' ? undefined : dayOf(text);
}
