import { attributesOf } from '../../events/attributes.ts';
import { dayOf } from '../../events/instant.ts';
import type { JsonView } from '../../events/json-view.ts';
import { compact } from '../../runtime/compact.ts';
import type { Exchange, FetchContext, Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, basic, credential } from '../../sources/option.ts';
import { type Standing, standingIn } from '../../sources/status.ts';

const FIELDS = [
  'root.id',
  'root.firstName',
  'root.surname',
  'root.displayName',
  'root.email',
  'work.title',
  'work.department',
  'work.employeeIdInCompany',
  'work.workPhone',
  'work.workMobile',
  'work.startDate',
  'internal.status',
  'internal.lifecycleStatus',
  'internal.terminationDate',
];

export const readPerson: Fetcher = async ({ id = '' }, context) => {
  const filters = [{ fieldPath: 'root.id', operator: 'equals', values: [id] }];
  const { status, body } = await searchBob(context, filters);
  const employee = body.list('employees')[0];
  if (status === 404 || employee === undefined) return { outcome: 'not-found' };
  return { outcome: 'found', ...bobPerson(employee) };
};

/** `POST /v1/people/search` as a service user. @see https://apidocs.hibob.com/reference/post_people-search */
export function searchBob(context: FetchContext, filters: readonly unknown[]): Promise<Exchange> {
  const base = baseUrl(context, () => 'https://api.hibob.com');
  return context.call({
    method: 'POST',
    url: `${base}/v1/people/search`,
    headers: {
      authorization: basic(credential(context), credential(context, 1)),
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: JSON.stringify({
      fields: FIELDS,
      ...compact({ filters: filters.length === 0 ? undefined : filters }),
      showInactive: true,
      // Beside the values of the machine: days and statuses are read as those, names of departments as these.
      humanReadable: 'APPEND',
    }),
  });
}

/** HiBob's id of an employee. */
export function bobId(employee: JsonView): string | undefined {
  return employee.text('id') ?? flat(employee, 'root.id');
}

/** An employee as HiBob has it: fields come nested, or under their dotted names. */
export function bobPerson(employee: JsonView) {
  const plain = (path: string) =>
    employee.text(path) ?? flat(employee, `root.${path}`) ?? flat(employee, path);
  const readable = employee.at('humanReadable');
  const text = (path: string) => readable.text(path) ?? flat(readable, path) ?? plain(path);
  const email = plain('email');
  const { active, ...status } = standingOf(plain('internal.status'), plain('internal.lifecycleStatus'));
  return {
    ...status,
    person: attributesOf({
      userName: email,
      email,
      givenName: text('firstName'),
      familyName: text('surname'),
      displayName: text('displayName'),
      title: text('work.title'),
      department: text('work.department'),
      employeeNumber: text('work.employeeIdInCompany'),
      phone: text('work.workPhone'),
      mobile: text('work.workMobile'),
      active,
    }),
    joinsAt: dayOf(plain('work.startDate')),
    leavesAt: dayOf(plain('internal.terminationDate')),
  };
}

function flat(employee: JsonView, name: string): string | undefined {
  const value = (employee.value as Readonly<Record<string, unknown>> | undefined)?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** An employee who is hired and hasn't begun yet is not out of service: the first day says from when. */
function standingOf(status: string | undefined, lifecycle: string | undefined): Standing {
  if (lifecycle !== undefined && /^hired$/i.test(lifecycle)) return { active: true };
  return standingIn({ ACTIVE: true, INACTIVE: false, TERMINATED: false }, status);
}
