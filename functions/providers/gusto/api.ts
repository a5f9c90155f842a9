import { attributesOf } from '../../events/attributes.ts';
import { dayOf } from '../../events/instant.ts';
import type { JsonView } from '../../events/json-view.ts';
import { compact } from '../../runtime/compact.ts';
import { type Exchange, type FetchContext, FetchError, type Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, credential, segment } from '../../sources/option.ts';

/** `GET /v1/employees/{id}`. @see https://docs.gusto.com/embedded-payroll/reference/get-v1-employees */
export const readPerson: Fetcher = async ({ id = '' }, context) => {
  const { status, body } = await askGusto(context, `/v1/employees/${segment(id)}`);
  return status === 404 ? { outcome: 'not-found' } : { outcome: 'found', ...gustoPerson(body) };
};

export async function askGusto(context: FetchContext, path: string): Promise<Exchange> {
  const base = baseUrl(context, () => 'https://api.gusto.com');
  return context.call({
    method: 'GET',
    url: `${base}${path}`,
    headers: { authorization: `Bearer ${await accessToken(context, base)}`, accept: 'application/json' },
  });
}

/** An employee as Gusto has it, read alone or on a list. */
export function gustoPerson(body: JsonView) {
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
    isOutAfterLastDay: true as const,
  };
}

/**
 * The access token: it ends after two hours, so the credentials are client id, client secret and the first refresh token.
 * One credential alone is an access token as it is, for trying out.
 *
 * The refresh token is replaced with each refreshing and revoked at the first use of the new access token.
 * @see https://docs.gusto.com/embedded-payroll/reference/refresh-access-token
 */
async function accessToken(context: FetchContext, base: string): Promise<string> {
  if (context.credentials.length === 1) return credential(context);
  return context.grantedToken(credential(context, 2), async (refreshToken) => {
    const { status, body } = await context.call({
      method: 'POST',
      url: `${base}/oauth/token`,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({
        grant_type: 'refresh_token',
        client_id: credential(context),
        client_secret: credential(context, 1),
        refresh_token: refreshToken,
        ...compact({ redirect_uri: context.settings.fetch?.redirectUri }),
      }),
    });
    const token = body.text('access_token');
    const next = body.text('refresh_token');
    if (token === undefined || next === undefined) {
      throw new FetchError(`the token endpoint answered ${status} without both tokens`);
    }
    return { accessToken: token, refreshToken: next, expiresInSeconds: body.number('expires_in') ?? 7_200 };
  });
}
