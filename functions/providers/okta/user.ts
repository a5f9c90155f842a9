import { attributesOf } from '../../events/attributes.ts';
import type { JsonView } from '../../events/json-view.ts';
import type { SourceSettings } from '../../tenant/sources.ts';

/** Statuses of people who may work. @see https://developer.okta.com/docs/reference/api/users/#user-status */
const IN_SERVICE = new Set(['ACTIVE', 'PROVISIONED', 'RECOVERY', 'PASSWORD_EXPIRED']);

/** A user as Okta's API has it. */
export function oktaPerson(user: JsonView, { onLock }: SourceSettings) {
  const profile = user.at('profile');
  return attributesOf({
    userName: profile.text('login'),
    email: profile.text('email'),
    givenName: profile.text('firstName'),
    familyName: profile.text('lastName'),
    displayName: profile.text('displayName'),
    title: profile.text('title'),
    phone: profile.text('primaryPhone'),
    mobile: profile.text('mobilePhone'),
    userType: profile.text('userType'),
    preferredLanguage: profile.text('preferredLanguage'),
    locale: profile.text('locale'),
    timezone: profile.text('timezone'),
    department: profile.text('department'),
    division: profile.text('division'),
    organization: profile.text('organization'),
    costCenter: profile.text('costCenter'),
    employeeNumber: profile.text('employeeNumber'),
    active: activeOf(user.text('status'), onLock),
  });
}

/** Wrong passwords lock a user out: no leaving, unless the configuration says so. */
function activeOf(status: string | undefined, onLock: 'ignore' | 'suspend' = 'ignore'): boolean | undefined {
  if (status === undefined) return undefined;
  return IN_SERVICE.has(status) || (status === 'LOCKED_OUT' && onLock === 'ignore');
}
