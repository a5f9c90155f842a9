import { attributesOf } from '../../events/attributes.ts';
import type { SourceGroup } from '../../events/event.ts';
import type { JsonView } from '../../events/json-view.ts';
import { compact } from '../../runtime/compact.ts';
import { ENTERPRISE_USER } from '../../scim-core/schema/enterprise.ts';
import { type Standing, standingIn } from '../../sources/status.ts';

/** A directory user as WorkOS has it. */
export function personOf(user: JsonView, email = emailOf(user)) {
  const raw = user.at('raw_attributes');
  // Named as a whole: its own name has dots in it.
  const enterprise =
    (raw.value as Record<string, Record<string, unknown>> | undefined)?.[ENTERPRISE_USER.id] ?? {};
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  return attributesOf({
    userName: user.text('username') ?? email,
    email,
    givenName: user.text('first_name'),
    familyName: user.text('last_name'),
    title: user.text('job_title') ?? raw.text('title'),
    department: text(enterprise.department),
    employeeNumber: text(enterprise.employeeNumber),
    preferredLanguage: raw.text('preferredLanguage'),
    locale: raw.text('locale'),
    phone: raw.list('phoneNumbers')[0]?.text('value'),
    // AuthKit's users have no state.
    active: stateOf(user).active,
  });
}

/** A directory user as a reading says it. */
export function foundIn(user: JsonView) {
  const { unknownStatus } = stateOf(user);
  return { unknownStatus, person: personOf(user) };
}

/** Until December 2023 there was `suspended`, too: https://www.workos.com/changelog/directory-sync-user-state-consolidation */
function stateOf(user: JsonView): Standing {
  return standingIn({ ACTIVE: true, INACTIVE: false, SUSPENDED: false }, user.text('state'));
}

export function emailOf(user: JsonView): string | undefined {
  const emails = user.list('emails');
  const primary = emails.find((each) => each.flag('primary') === true) ?? emails[0];
  return (
    user.text('email') ??
    primary?.text('value') ??
    user.list('raw_attributes.emails')[0]?.text('value') ??
    user.text('raw_attributes.userName')
  );
}

/**
 * The groups of a user as the API answers, where it names some: teams made since May 2026 get an empty list whatever the
 * groups are. @see https://workos.com/docs/reference/directory-sync/directory-user
 */
export function toldGroups(user: JsonView): SourceGroup[] | undefined {
  return user.list('groups').length === 0 ? undefined : groupsOf(user);
}

function groupsOf(user: JsonView): SourceGroup[] | undefined {
  if (!Array.isArray(user.at('groups').value)) return undefined;
  return user.list('groups').flatMap((group) => {
    const [id, display] = [group.text('id'), group.text('name')];
    return id === undefined ? [] : [{ id, ...compact({ display }) }];
  });
}
