import { attributesOf } from '../../events/attributes.ts';
import type { JsonView } from '../../events/json-view.ts';
import { type Standing, type StatusWords, standingIn } from '../../sources/status.ts';
import type { SourceSettings } from '../../tenant/sources.ts';

/** Statuses, by whether people may work. @see https://developer.okta.com/docs/reference/api/users/#user-status */
const STATUSES: StatusWords = {
  ACTIVE: true,
  PROVISIONED: true,
  RECOVERY: true,
  PASSWORD_EXPIRED: true,
  STAGED: false,
  SUSPENDED: false,
  DEPROVISIONED: false,
};

/** A user as Okta's API has it. */
export function oktaPerson(user: JsonView, { onLock }: SourceSettings) {
  const profile = user.at('profile');
  const { active, ...status } = standingOf(user.text('status'), onLock);
  const person = attributesOf({
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
    active,
  });
  return { ...status, person };
}

/** Wrong passwords lock a user out: no leaving, unless the configuration says so. */
function standingOf(status: string | undefined, onLock: 'ignore' | 'suspend' = 'ignore'): Standing {
  return standingIn({ ...STATUSES, LOCKED_OUT: onLock === 'ignore' }, status);
}
