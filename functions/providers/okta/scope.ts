import type { JsonView } from '../../events/json-view.ts';
import { type FetchContext, FetchError } from '../../sources/fetcher.ts';
import { segment } from '../../sources/option.ts';
import type { SourceSettings } from '../../tenant/sources.ts';
import type { AskOkta } from './ask.ts';

/** Of an assignment that is kept, but no longer holds. */
export const NOT_ASSIGNED = new Set(['DEPROVISIONED', 'INACTIVE', 'REVOKED', 'UNASSIGNED']);
/** For how long the id of a label is known. */
const KEPT_SECONDS = 3_600;

/** Whether an application of an event is the one that the source's people are assigned to. */
export function isOfScope({ scope }: SourceSettings, application: JsonView): boolean {
  const wanted = scope?.application;
  if (wanted === undefined) return false;
  const names = ['displayName', 'alternateId'].flatMap((name) => application.text(name) ?? []);
  return application.text('id') === wanted || names.some((name) => isSameLabel(name, wanted));
}

/**
 * Whether a user is assigned to the application of the source's scope, directly or by a group.
 *
 * @see https://developer.okta.com/docs/api/openapi/okta-management/management/tag/ApplicationUsers/
 * @throws FetchError when there is no such application: nobody leaves because it was deleted or misspelt
 */
export async function isAssigned(ask: AskOkta, context: FetchContext, userId: string): Promise<boolean> {
  const application = context.settings.scope?.application ?? '';
  const id = await applicationId(ask, context, application);
  const { status, body } = await ask(`/api/v1/apps/${segment(id)}/users/${segment(userId)}`);
  if (status !== 404) return !NOT_ASSIGNED.has(body.text('status') ?? '');
  if ((await ask(`/api/v1/apps/${segment(id)}`)).status === 404) throw missing(application);
  return false;
}

/** The id of the application of the source's scope, which may be said by its label. */
export async function applicationId(
  ask: AskOkta,
  context: FetchContext,
  application: string,
): Promise<string> {
  return /^0oa\w{17}$/.test(application) ? application : idOfLabel(ask, context, application);
}

async function idOfLabel(ask: AskOkta, context: FetchContext, label: string): Promise<string> {
  return context.token(`application/${label}`, async () => {
    const { body } = await ask(`/api/v1/apps?q=${encodeURIComponent(label)}&limit=200`);
    const ids = body.list('').flatMap((each) => {
      const id = each.text('id');
      return id !== undefined && isSameLabel(each.text('label') ?? '', label) ? [id] : [];
    });
    const [id] = ids;
    if (id === undefined) throw missing(label);
    if (ids.length > 1) {
      const message = `scope.application: several applications are called "${label}"; name the id`;
      throw new FetchError(message, { isPermanent: true });
    }
    return { value: id, expiresInSeconds: KEPT_SECONDS };
  });
}

function missing(application: string): FetchError {
  const message = `scope.application: Okta has no application "${application}", or the token may not see it`;
  return new FetchError(message, { isPermanent: true });
}

function isSameLabel(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}
