import { attributesOf } from '../../events/attributes.ts';
import type { JsonView } from '../../events/json-view.ts';

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
    // Absent unless the user was blocked.
    active: user.flag('blocked') !== true,
  });
}
