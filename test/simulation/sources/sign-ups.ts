import type { Delivery } from './vendor.ts';

/** The secret of the source where people sign up by themselves. */
export const SIGN_UP_SECRET = 'token-of-the-sign-ups';

/** An account of a stranger, who says that an address is theirs: Auth0 has not verified it. */
export function signUp(number: number, email: string, at: number): Delivery {
  const id = `auth0|stranger-${number}`;
  const time = new Date(at).toISOString();
  const object = { user_id: id, email, email_verified: false, name: email, created_at: time };
  const event = {
    specversion: '1.0',
    id: `sign-up-${number}`,
    source: 'urn:auth0',
    type: 'user.created',
    time,
  };
  const body = JSON.stringify({ ...event, data: { object } });
  return {
    account: id,
    what: `${id} signs up as ${email}`,
    happenedAt: at,
    isWhole: true,
    request: () => ({ headers: { authorization: `Bearer ${SIGN_UP_SECRET}` }, body }),
  };
}
