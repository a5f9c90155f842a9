import { attributesOf } from '../../events/attributes.ts';
import type { JsonView } from '../../events/json-view.ts';
import type { Standing } from '../../sources/status.ts';

/** A user as Auth0 has it. @see https://auth0.com/docs/manage-users/user-accounts/user-profiles/user-profile-structure */
export function auth0Person(user: JsonView) {
  const email = user.text('email');
  const userName = email ?? user.text('username') ?? user.text('phone_number') ?? user.text('user_id');
  return attributesOf({
    userName,
    email,
    givenName: user.text('given_name'),
    familyName: user.text('family_name'),
    displayName: user.text('name'),
    phone: user.text('phone_number'),
    locale: user.text('locale'),
    active: standingOf(user).active,
  });
}

/** A user as a reading says it. */
export function foundIn(user: JsonView) {
  const { unknownStatus } = standingOf(user);
  return { unknownStatus, person: auth0Person(user) };
}

/** `blocked` is absent unless the user was blocked. */
function standingOf(user: JsonView): Standing {
  const isBlocked = user.flag('blocked') ?? (user.has('blocked') ? undefined : false);
  if (isBlocked !== undefined) return { active: !isBlocked };
  return { active: undefined, unknownStatus: `blocked: ${JSON.stringify(user.at('blocked').value)}` };
}
