import { attributesOf } from '../../events/attributes.ts';
import type { JsonView } from '../../events/json-view.ts';
import type { Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, basic, credential } from '../../sources/option.ts';

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
  'internal.status',
];

/** `POST /v1/people/search` as a service user. @see https://apidocs.hibob.com/reference/post_people-search */
export const readPerson: Fetcher = async ({ id = '' }, context) => {
  const base = baseUrl(context, () => 'https://api.hibob.com');
  const { status, body } = await context.call({
    method: 'POST',
    url: `${base}/v1/people/search`,
    headers: {
      authorization: basic(credential(context), credential(context, 1)),
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: JSON.stringify({
      fields: FIELDS,
      filters: [{ fieldPath: 'root.id', operator: 'equals', values: [id] }],
      showInactive: true,
      humanReadable: 'REPLACE',
    }),
  });
  const employee = body.list('employees')[0];
  if (status === 404 || employee === undefined) return { outcome: 'not-found' };
  // Fields come nested, or under their dotted names.
  const text = (path: string) =>
    employee.text(path) ?? flat(employee, `root.${path}`) ?? flat(employee, path);
  const email = text('email');
  const state = text('internal.status');
  return {
    outcome: 'found',
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
      active: state === undefined ? undefined : !/inactive|terminated/i.test(state),
    }),
  };
};

function flat(employee: JsonView, name: string): string | undefined {
  const value = (employee.value as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
