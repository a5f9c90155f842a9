import type { JsonView } from '../../events/json-view.ts';
import type { Exchange, FetchContext, Fetched, Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, credential, segment } from '../../sources/option.ts';
import { mergeEmployee } from './employee.ts';

/** `GET /employees/{id}`. @see https://docs.merge.dev/merge-unified/hris/common-models/employees/retrieve */
export const readPerson: Fetcher = async ({ id = '' }, context) => {
  const { status, body } = await askMerge(context, `/employees/${segment(id)}?include_deleted_data=true`);
  return status === 404 ? { outcome: 'not-found' } : foundIn(body);
};

/** A call about one linked account: the API key is the customer's, the account token names the employer's HR system. */
export function askMerge(context: FetchContext, path: string): Promise<Exchange> {
  const base = baseUrl(context, () => 'https://api.merge.dev');
  return context.call({
    method: 'GET',
    url: `${base}/api/hris/v1${path}`,
    headers: {
      authorization: `Bearer ${credential(context)}`,
      'x-account-token': credential(context, 1),
      accept: 'application/json',
    },
  });
}

/** An employee as a reading says it. */
export function foundIn(body: JsonView): Extract<Fetched, { outcome: 'found' }> {
  const { person, joinsAt, leavesAt, ...employee } = mergeEmployee(body);
  const { unknownStatus } = employee;
  return { outcome: 'found', person, joinsAt, leavesAt, unknownStatus };
}
